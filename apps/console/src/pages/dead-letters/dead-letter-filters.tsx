import { useState, type ReactElement, type SubmitEvent } from 'react';
import { ages, reasons, services, type DeadLetterSearch } from './dead-letter-search.ts';
import { reasonName } from './dead-letter-words.ts';

const ageNames: Readonly<Record<(typeof ages)[number], string>> = { 1: 'Older than an hour', 24: 'Older than a day', 168: 'Older than a week' };

interface Choice {
  readonly label: string;
  readonly name: Exclude<keyof DeadLetterSearch, 'kind'>;
  readonly options: ReadonlyArray<readonly [value: string, name: string]>;
}

const choices: readonly Choice[] = [
  { label: 'State', name: 'state', options: [['dead', 'Dead'], ['parked', 'Parked']] },
  { label: 'Why', name: 'reason', options: reasons.map((reason) => [reason, reasonName(reason)]) },
  { label: 'What', name: 'origin', options: [['event', 'Events'], ['task', 'Tasks'], ['webhook', 'Webhooks']] },
  { label: 'Service', name: 'service', options: services.map((service) => [service, service]) },
  { label: 'Age', name: 'olderThanHours', options: ages.map((age) => [age, ageNames[age]]) },
];

/** Which dead letters are shown. A choice holds at once; the kind when it is sent off. */
export function DeadLetterFilters({ search, onChange }: { readonly search: DeadLetterSearch; readonly onChange: (search: Record<string, unknown>) => void }): ReactElement {
  const [typed, setTyped] = useState(search.kind ?? '');
  const look = (event: SubmitEvent): void => {
    event.preventDefault();
    onChange({ ...search, kind: typed.trim() });
  };
  return (
    <form className="filters" role="search" onSubmit={look}>
      {choices.map(({ label, name, options }) => (
        <label key={name}>
          {label}
          <select value={search[name] ?? ''} onChange={({ target }) => onChange({ ...search, [name]: target.value })}>
            <option value="">Any</option>
            {options.map(([value, option]) => <option key={value} value={value}>{option}</option>)}
          </select>
        </label>
      ))}
      <label>Topic or kind <input type="search" value={typed} maxLength={255} autoComplete="off" onChange={({ target }) => setTyped(target.value)} /></label>
      <button type="submit">Look</button>
    </form>
  );
}
