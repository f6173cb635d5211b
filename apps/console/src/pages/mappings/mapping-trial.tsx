import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { AnswerOf } from '../../api/route-types.ts';
import { api } from '../../app/hub.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { formatMoney } from '../../ui/amounts.ts';
import { Failed } from '../../ui/failed.tsx';
import type { Rules } from './mapping-draft.ts';
import type { MappingTarget } from './mapping-queries.ts';

type RecordTrial = AnswerOf<'POST /v1/connections/{id}/mappings/{object}/try'>['records'][number];
type Value = RecordTrial['fields'][number]['after'];

interface MappingTrialProps {
  readonly target: MappingTarget;
  readonly rules: Rules;
  readonly vendorName: string;
  readonly barredBecause: string | undefined;
}

const outcomes = { archived: 'This record was deleted in the account.', merged: 'This record was merged into another one.', not_found: 'The account has no such record.' } as const;

/** Shows what the rules as they are typed make of one record of the account; nothing is written. */
export function MappingTrial({ target: { id, object }, rules, vendorName, barredBecause }: MappingTrialProps): ReactElement {
  const [typed, setTyped] = useState('');
  const wanted = typed.trim();
  const trial = useMutation({
    mutationFn: async () => (await api.call('POST /v1/connections/{id}/mappings/{object}/try', { path: { id, object }, body: { ids: [await findId(id, object, wanted)], rules } })).data.records[0],
  });
  return (
    <section aria-labelledby="trial">
      <h2 id="trial">Try it on a record</h2>
      <form className="filters" onSubmit={(event) => { event.preventDefault(); if (barredBecause === undefined && wanted !== '') trial.mutate(); }}>
        <label>Its id in {vendorName}{object === 'contact' && ', or its e-mail'} <input value={typed} maxLength={320} autoComplete="off" spellCheck={false} onChange={({ target: { value } }) => setTyped(value)} /></label>
        <ActButton barredBecause={barredBecause ?? (wanted === '' ? 'First name a record.' : undefined)} isPending={trial.isPending} onAct={() => trial.mutate()}>Try</ActButton>
      </form>
      {trial.error !== null && <Failed problem={trial.error} />}
      <div aria-live="polite">{trial.data && <TrialTable record={trial.data} vendorName={vendorName} />}</div>
    </section>
  );
}

/** A contact is found by its address as well. What is not found is asked for as it was typed, so that the answer says that it is not there. */
async function findId(id: string, object: MappingTarget['object'], wanted: string): Promise<string> {
  if (object !== 'contact' || !wanted.includes('@')) return wanted;
  const { data: { records } } = await api.call('POST /v1/connections/{id}/records/{object}/search', { path: { id, object }, body: { field: 'email', values: [wanted] } });
  return records[0]?.externalId ?? wanted;
}

function TrialTable({ record: { id, outcome, fields }, vendorName }: { readonly record: RecordTrial; readonly vendorName: string }): ReactElement {
  if (outcome !== 'read') return <p className="wrong">{outcomes[outcome]}</p>;
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="What becomes of the record">
      <table>
        <caption>Record {id}; nothing was written.</caption>
        <thead><tr><th scope="col">Field</th><th scope="col">{vendorName} has</th><th scope="col">The hub reads now</th><th scope="col">It would read</th><th scope="col">It would write back</th></tr></thead>
        <tbody>
          {fields.map(({ canonical, field, atCrm, before, after, wouldWrite, problem }) => (
            <tr key={canonical}>
              <th scope="row">{canonical}</th>
              <td>{valueWords(atCrm)}<span className="hint"> {field}</span></td>
              <td>{valueWords(before)}</td>
              <td>{valueWords(after)}</td>
              <td>
                {valueWords(wouldWrite)}
                {problem !== undefined && <p className="wrong">{problem}</p>}
                {problem === undefined && wouldWrite !== undefined && JSON.stringify(wouldWrite) !== JSON.stringify(atCrm) && <p className="doubtful">This is not what {vendorName} has.</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function valueWords(value: Value): string {
  if (value === undefined) return '–';
  if (value === null || value === '') return '(empty)';
  if (Array.isArray(value)) return new Intl.ListFormat().format(value);
  return typeof value === 'object' ? formatMoney(value) : typeof value === 'number' ? new Intl.NumberFormat().format(value) : typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}
