import { useState, type ReactElement } from 'react';
import { formatCount } from '../../ui/amounts.ts';
import { Nothing } from '../../ui/nothing.tsx';
import { StepRow } from './step-row.tsx';
import { keyOf, type Step } from './step-words.ts';

const kinds = [['webhook', 'Webhooks'], ['event', 'Events'], ['decision', 'Decisions'], ['vendor_call', 'Calls to vendors']] as const satisfies ReadonlyArray<readonly [Step['kind'], string]>;

/** Steps in the order of time; kinds that somebody is not interested in can be put away. */
export function StepList({ steps }: { readonly steps: readonly Step[] }): ReactElement {
  const [hidden, setHidden] = useState<ReadonlySet<Step['kind']>>(new Set());
  const toggle = (kind: Step['kind']): void => setHidden((before) => (before.has(kind) ? new Set([...before].filter((one) => one !== kind)) : new Set([...before, kind])));
  const shown = steps.filter(({ kind }) => !hidden.has(kind));
  const idOf = new Map(steps.flatMap((step) => ('id' in step ? [[step.id, keyOf(step)] as const] : [])));
  return (
    <section aria-labelledby="way">
      <h2 id="way">Its way</h2>
      <fieldset className="choices">
        <legend>Show</legend>
        {kinds.map(([kind, name]) => (
          <label key={kind}>
            <input type="checkbox" checked={!hidden.has(kind)} onChange={() => toggle(kind)} /> {name} ({formatCount(steps.filter((step) => step.kind === kind).length)})
          </label>
        ))}
      </fieldset>
      {shown.length === 0
        ? <Nothing title="No step is shown.">Choose above what is to be shown.</Nothing>
        : <ol className="way">{shown.map((step) => <StepRow key={keyOf(step)} step={step} causeKey={'causationId' in step ? idOf.get(step.causationId) : undefined} />)}</ol>}
    </section>
  );
}
