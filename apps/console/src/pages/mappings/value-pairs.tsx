import { useState, type ReactElement } from 'react';
import type { AccountField } from './mapping-queries.ts';

type Options = NonNullable<AccountField['options']>;
type Values = Readonly<Record<string, readonly string[]>>;

interface ValuePairsProps {
  readonly canonical: string;
  /** The hub's words, where it has a list of its own. */
  readonly choices: readonly string[] | undefined;
  readonly options: Options;
  readonly vendorName: string;
  readonly values: Values;
  readonly onChange: (values: Values) => void;
}

/** Which word of the account stands for which of the hub's: chosen from lists, or dragged to its counterpart. */
export function ValuePairs({ canonical, choices, options, vendorName, values, onChange }: ValuePairsProps): ReactElement {
  const words = [...new Set([...(choices ?? []), ...Object.keys(values)])];
  const taken = new Set(Object.values(values).flat());
  const free = options.filter(({ value, isActive }) => isActive && !taken.has(value) && !words.includes(value));
  /** An option that is given to one word is taken from the others. */
  const give = (word: string, theirs: readonly string[]): void => {
    const others = Object.entries(values).map(([other, list]): [string, readonly string[]] => [other, other === word ? list : list.filter((value) => !theirs.includes(value))]);
    onChange({ ...Object.fromEntries(others), [word]: [...new Set(theirs)] });
  };
  return (
    <fieldset className="pairs">
      <legend>Words of {canonical}</legend>
      <p className="hint">A word that is not paired is the same on both sides. Of several, the first is written and each is read.</p>
      <div className="scroll" tabIndex={0} role="group" aria-label={`Words of ${canonical}`}>
        <table>
          <thead><tr><th scope="col">Hub</th><th scope="col">{vendorName}</th></tr></thead>
          <tbody>
            {words.map((word) => (
              <WordRow key={word} word={word} options={options} theirs={values[word] ?? []} onChange={(theirs) => give(word, theirs)} />
            ))}
          </tbody>
        </table>
      </div>
      {choices === undefined && <NewWord canonical={canonical} known={words} onAdd={(word) => onChange({ ...values, [word]: [] })} />}
      {free.length > 0 && (
        <>
          <p className="hint">Not paired yet; drag one to its counterpart, or choose it there:</p>
          <ul className="words">
            {free.map(({ value, label }) => (
              <li key={value} draggable onDragStart={({ dataTransfer }) => dataTransfer.setData('text/plain', value)}>{label}</li>
            ))}
          </ul>
        </>
      )}
    </fieldset>
  );
}

function WordRow({ word, options, theirs, onChange }: { readonly word: string; readonly options: Options; readonly theirs: readonly string[]; readonly onChange: (theirs: readonly string[]) => void }): ReactElement {
  const choose = (place: number, value: string): void => onChange([...theirs.slice(0, place), ...(value === '' ? [] : [value]), ...theirs.slice(place + 1)]);
  return (
    <tr
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const value = event.dataTransfer.getData('text/plain');
        if (options.some((option) => option.value === value)) onChange([...theirs, value]);
      }}
    >
      <th scope="row">{word}</th>
      <td>
        <div className="acts">
          {[...theirs, ''].map((value, place) => (
            <select key={place} aria-label={place === 0 ? `Written for ${word}` : `Also read as ${word}`} value={value} onChange={({ target }) => choose(place, target.value)}>
              <option value="">{place === 0 ? 'The same word' : 'No further one'}</option>
              {value !== '' && !options.some((option) => option.value === value) && <option value={value}>{value} (not there any more)</option>}
              {options.map((option) => <option key={option.value} value={option.value}>{option.label}{option.isActive ? '' : ' (not active)'}</option>)}
            </select>
          ))}
        </div>
      </td>
    </tr>
  );
}

function NewWord({ canonical, known, onAdd }: { readonly canonical: string; readonly known: readonly string[]; readonly onAdd: (word: string) => void }): ReactElement {
  const [typed, setTyped] = useState('');
  const word = typed.trim();
  return (
    <div className="acts">
      <label>Word at the hub <input value={typed} maxLength={255} autoComplete="off" onChange={({ target }) => setTyped(target.value)} /></label>
      <button type="button" disabled={word === '' || known.includes(word)} onClick={() => { onAdd(word); setTyped(''); }}>Add<span className="unseen"> to the words of {canonical}</span></button>
    </div>
  );
}
