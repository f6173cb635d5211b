import { useId, useState, type ReactElement, type SubmitEvent } from 'react';
import type { AccountField } from './mapping-queries.ts';
import { typeNames } from './type-names.ts';

interface NewFieldProps {
  readonly known: readonly string[];
  readonly fields: readonly AccountField[];
  readonly vendorName: string;
  readonly onAdd: (canonical: string, field: string) => void;
}

/** Takes a further field of the account under a name of the tenant's own. */
export function NewField({ known, fields, vendorName, onAdd }: NewFieldProps): ReactElement {
  const [name, setName] = useState('');
  const [field, setField] = useState('');
  const hintId = useId();
  const add = (event: SubmitEvent): void => {
    event.preventDefault();
    if (name.trim() === '' || field === '' || known.includes(name.trim())) return;
    onAdd(name.trim(), field);
    setName('');
    setField('');
  };
  return (
    <section aria-labelledby="new-field">
      <h2 id="new-field">Add a field of yours</h2>
      <form className="filters" onSubmit={add}>
        <label>Name at the hub <input value={name} maxLength={63} autoComplete="off" spellCheck={false} aria-describedby={hintId} onChange={({ target }) => setName(target.value)} /></label>
        <label>
          Its field in {vendorName}
          <select value={field} onChange={({ target }) => setField(target.value)}>
            <option value="">Choose …</option>
            {fields.map(({ name: each, label, type }) => <option key={each} value={each}>{label} ({each}), {typeNames[type]}</option>)}
          </select>
        </label>
        <button type="submit">Add</button>
      </form>
      <p id={hintId} className={known.includes(name.trim()) ? 'wrong' : 'hint'}>
        {known.includes(name.trim()) ? 'There is a field of that name above.' : 'Letters, digits and _, beginning with a small letter. The same name in two accounts keeps their fields in step.'}
      </p>
    </section>
  );
}
