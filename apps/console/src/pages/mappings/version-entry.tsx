import type { ReactElement } from 'react';
import { PersonName } from '../../people/person-name.tsx';
import { ConfirmedAct } from '../../ui/confirmed-act.tsx';
import { Moment } from '../../ui/moment.tsx';
import { choiceWords } from './choice-words.ts';
import { differingFields, type Draft } from './mapping-draft.ts';

interface VersionEntryProps {
  /** 0 stands for the defaults. */
  readonly version: number;
  readonly saved?: { readonly savedBy: string; readonly savedAt: string };
  readonly says: Draft;
  /** What the version before it said; undefined where that was not read, or there was none. */
  readonly before: Draft | undefined;
  /** The version that holds, and what it says. */
  readonly active: number;
  readonly now: Draft;
  readonly barredBecause: string | undefined;
  readonly isPending: boolean;
  readonly onRollBack: (version: number) => void;
}

/** A version: who saved it and when, what it changed, how it differs from the one that holds, and the way back to it. */
export function VersionEntry({ version, saved, says, before, active, now, barredBecause, isPending, onRollBack }: VersionEntryProps): ReactElement {
  const name = version === 0 ? 'The defaults' : `Version ${version}`;
  const changed = before && differingFields(before, says);
  const differing = differingFields(now, says);
  return (
    <article aria-label={name}>
      <div className="card-head"><h3>{name}</h3>{version === active && <span className="state good">Holds</span>}</div>
      {saved && <p className="hint">Saved on <Moment at={saved.savedAt} /> by <PersonName of={saved.savedBy} /></p>}
      {changed && <p>{changed.length === 0 ? 'It says the same as the one before.' : `It changed ${new Intl.ListFormat().format(changed)}.`}</p>}
      {version !== active && (
        <>
          {differing.length === 0
            ? <p>It says the same as what holds.</p>
            : <details><summary>Compare<span className="unseen"> {name}</span> with what holds</summary><Comparison name={name} now={now} says={says} differing={differing} /></details>}
          <div className="acts">
            <ConfirmedAct
              name="Make it hold again" about={`: ${name}`} question={`Make ${name.toLowerCase()} hold again?`} look="plain" barredBecause={barredBecause} isPending={isPending} onAct={() => onRollBack(version)}
            >
              <p>Where records are followed, all are read once more by it. What holds now stays in the list, and one can go back to it as well.</p>
              {differing.length === 0 ? <p>It says the same as what holds.</p> : <Comparison name={name} now={now} says={says} differing={differing} />}
            </ConfirmedAct>
          </div>
        </>
      )}
    </article>
  );
}

function Comparison({ name, now, says, differing }: Pick<VersionEntryProps, 'now' | 'says'> & { readonly name: string; readonly differing: readonly string[] }): ReactElement {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={`How ${name.toLowerCase()} differs`}>
      <table>
        <thead><tr><th scope="col">Field</th><th scope="col">Holds now</th><th scope="col">{name}</th></tr></thead>
        <tbody>{differing.map((canonical) => <tr key={canonical}><th scope="row">{canonical}</th><td>{choiceWords(now[canonical])}</td><td>{choiceWords(says[canonical])}</td></tr>)}</tbody>
      </table>
    </div>
  );
}
