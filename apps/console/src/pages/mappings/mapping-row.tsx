import { useId, type ReactElement } from 'react';
import { formatCount } from '../../ui/amounts.ts';
import type { Choice, Direction, Mapping, Transform } from './mapping-draft.ts';
import type { AccountField, Problem } from './mapping-queries.ts';
import { ProblemList } from './problem-list.tsx';
import { directionNames, transformNames, typeNames } from './type-names.ts';
import { ValuePairs } from './value-pairs.tsx';

interface MappingRowProps {
  readonly canonical: string;
  /** The hub's own field of that name; a field of the tenant's has none. */
  readonly hubField: Mapping['hubFields'][number] | undefined;
  readonly choice: Choice | undefined;
  /** The account's field that the default means, where the default holds. */
  readonly defaultField: string | undefined;
  readonly fields: readonly AccountField[];
  readonly vendorName: string;
  readonly problems: ReadonlyArray<Pick<Problem, 'severity' | 'message'> & Partial<Pick<Problem, 'remedy'>>>;
  readonly isReadOnly: boolean;
  readonly onChange: (choice: Choice | undefined) => void;
}

/** What a selection holds beside the account's fields, which may be called anything: those stand behind a letter. */
const byDefault = 'default';
const neither = 'off';
const fieldMark = 'f:';

/** One field of the hub beside its counterpart in the account. */
export function MappingRow({ canonical, hubField, choice, defaultField, fields, vendorName, problems, isReadOnly, onChange }: MappingRowProps): ReactElement {
  const problemsId = useId();
  const own = choice?.kind === 'own' ? choice : undefined;
  const fieldName = own?.field ?? (choice ? undefined : defaultField);
  const field = fields.find(({ name }) => name === fieldName);
  const choose = (value: string): void => {
    if (value === byDefault) onChange(undefined);
    else if (value === neither) onChange({ kind: 'off' });
    else onChange({ direction: 'both', ...own, kind: 'own', field: value.slice(fieldMark.length), values: {} });
  };
  const labelOf = (name: string): string => fields.find((each) => each.name === name)?.label ?? name;
  const areWords = own !== undefined && own.transform === undefined && (hubField === undefined || hubField.type === 'choice');
  return (
    <li className="mapping-row" aria-label={canonical}>
      <div>
        <h3>{canonical}</h3>
        <p className="hint">{hubField ? typeNames[hubField.type] : 'a field of yours'}{hubField?.isRequired === true && ', never empty'}</p>
      </div>
      <div className="mapping-side">
        <label>
          <span>Field in {vendorName}<span className="unseen"> for {canonical}</span></span>
          <select
            value={choice?.kind === 'off' ? neither : own ? fieldMark + own.field : byDefault} disabled={isReadOnly} onChange={({ target }) => choose(target.value)}
            {...(problems.length > 0 && { 'aria-describedby': problemsId })} aria-invalid={problems.some(({ severity }) => severity === 'error')}
          >
            <option value={byDefault}>{defaultField !== undefined ? `By default: ${labelOf(defaultField)}` : hubField && choice ? 'As by default' : 'Not mapped'}</option>
            <option value={neither}>Neither read nor written</option>
            {own && !field && <option value={fieldMark + own.field}>{own.field} (not in the account)</option>}
            {fields.map(({ name, label, type, isReadOnly: cannotBeWritten }) => (
              <option key={name} value={fieldMark + name}>{label} ({name}), {typeNames[type]}{cannotBeWritten ? ', read only there' : ''}</option>
            ))}
          </select>
          <span className="hint">{field ? `${typeNames[field.type]}${field.isRequired ? ', required there' : ''}${field.maxLength === undefined ? '' : `, at most ${formatCount(field.maxLength)} characters`}` : '\u00A0'}</span>
        </label>
        {own && (
          <div className="mapping-how">
            <label>
              <span>Direction<span className="unseen"> of {canonical}</span></span>
              <select value={own.direction} disabled={isReadOnly} onChange={({ target }) => onChange({ ...own, direction: keyOf(directionNames, target.value) ?? 'both' })}>
                {keysOf(directionNames).map((direction: Direction) => <option key={direction} value={direction}>{directionNames[direction]}</option>)}
              </select>
            </label>
            <label>
              <span>Form<span className="unseen"> of {canonical}</span></span>
              <select
                value={own.transform ?? ''} disabled={isReadOnly}
                onChange={({ target }) => {
                  const { transform: _, ...rest } = own;
                  const transform = keyOf(transformNames, target.value);
                  onChange({ ...rest, ...(transform && { transform, values: {} }) });
                }}
              >
                <option value="">As it is</option>
                {keysOf(transformNames).map((transform: Transform) => <option key={transform} value={transform}>{transformNames[transform]}</option>)}
              </select>
            </label>
          </div>
        )}
        <ProblemList id={problemsId} problems={problems} />
      </div>
      {areWords && field?.options && !isReadOnly && (
        <ValuePairs canonical={canonical} choices={hubField?.choices} options={field.options} vendorName={vendorName} values={own.values} onChange={(values) => onChange({ ...own, values })} />
      )}
    </li>
  );
}

function keysOf<Key extends string>(names: Readonly<Record<Key, string>>): Key[] {
  const keys: Key[] = [];
  for (const key in names) keys.push(key);
  return keys;
}

function keyOf<Key extends string>(names: Readonly<Record<Key, string>>, asked: string): Key | undefined {
  return keysOf(names).find((key) => key === asked);
}
