import type { ReactElement } from 'react';
import { PersonName } from '../../people/person-name.tsx';
import { Moment } from '../../ui/moment.tsx';
import { choiceWords } from './choice-words.ts';
import type { KeptDraft } from './kept-draft.ts';
import { differingFields, isSameChoice, withChoice, type Draft, type Mapping } from './mapping-draft.ts';

interface OvertakenProps {
  readonly mapping: Mapping;
  readonly theirs: Draft;
  readonly draft: KeptDraft;
  readonly onChange: (mine: Draft) => void;
  readonly onBringTogether: () => void;
  readonly onThrowAway: () => void;
}

/** Tells somebody who is changing a mapping that another person has saved it meanwhile, and what differs; nothing of theirs is lost by it. */
export function Overtaken({ mapping: { version, versions }, theirs, draft: { base, mine }, onChange, onBringTogether, onThrowAway }: OvertakenProps): ReactElement {
  const saved = versions.find(({ isActive }) => isActive);
  const rows = [...new Set([...differingFields(base, theirs), ...differingFields(base, mine)])].sort();
  return (
    <section className="failed" role="alert" aria-labelledby="overtaken">
      <h2 id="overtaken">Somebody else changed this mapping while you did</h2>
      <p>
        Version {version} holds now{saved && <>, saved by <PersonName of={saved.savedBy} /> on <Moment at={saved.savedAt} /></>}. What you typed is still here. This is what differs from what you both began with:
      </p>
      <div className="scroll" tabIndex={0} role="group" aria-label="What differs">
        <table>
          <thead><tr><th scope="col">Field</th><th scope="col">When you began</th><th scope="col">Theirs</th><th scope="col">Yours</th><th scope="col">In both</th></tr></thead>
          <tbody>
            {rows.map((canonical) => {
              const isMine = !isSameChoice(base[canonical], mine[canonical]);
              const differs = isMine && !isSameChoice(mine[canonical], theirs[canonical]);
              return (
                <tr key={canonical}>
                  <th scope="row">{canonical}</th>
                  <td>{choiceWords(base[canonical])}</td>
                  <td>{choiceWords(theirs[canonical])}</td>
                  <td>{choiceWords(mine[canonical])}</td>
                  <td>
                    {differs
                      ? <>Yours will hold. <button type="button" onClick={() => onChange(withChoice(mine, canonical, theirs[canonical]))}>Take theirs<span className="unseen"> for {canonical}</span></button></>
                      : 'Theirs will hold.'}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div className="acts">
        <button type="button" className="primary" onClick={onBringTogether}>Bring both together</button>
        <button type="button" className="danger" onClick={onThrowAway}>Throw mine away</button>
      </div>
    </section>
  );
}
