import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import type { RequestOf } from '../../api/route-types.ts';
import { wrongPlaces } from '../../api/wrong-places.ts';
import { useBar } from '../../app/caller.ts';
import { api } from '../../app/hub.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { Answer } from '../../ui/answer.tsx';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { Failed } from '../../ui/failed.tsx';
import { FaultyField } from '../../ui/faulty-field.tsx';
import { useConnections } from '../connections/connection-queries.ts';
import { accountLabel, vendorCards, type ConnectionView } from '../connections/vendors.ts';

type NewSyncRules = RequestOf<'POST /v1/syncs'>['body'];

const parts = { none: 'Takes no part', both: 'Read and written', in: 'Only read', out: 'Only written' } as const;
type Part = keyof typeof parts;
const objects = { contact: 'Contacts', company: 'Companies', deal: 'Deals' } as const;
const conflicts = { latest_wins: 'The later change holds', source_wins: 'The first account in the list holds', ask: 'A person decides' } as const;
const endings = { ignore: 'Stay elsewhere, and in step', archive: 'Are archived everywhere', tombstone: 'Stay elsewhere, as they are' } as const;

interface Typed {
  readonly name: string;
  readonly object: keyof typeof objects;
  readonly sides: Readonly<Record<string, Part>>;
  readonly conflicts: keyof typeof conflicts;
  readonly gone: keyof typeof endings;
}
const nothingTyped: Typed = { name: '', object: 'contact', sides: {}, conflicts: 'latest_wins', gone: 'ignore' };

/** Begins to keep records in step: in both directions where both accounts are read and written, in one where one is read and the other written. */
export function NewSync(): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Begin a sync</summary>
      {isOpen && <Form />}
    </details>
  );
}

function Form(): ReactElement {
  const connections = useConnections();
  return (
    <Answer query={connections} what="accounts">
      {(all) => {
        const accounts = all.filter(({ vendor, state }) => vendorCards[vendor].what === 'CRM' && state !== 'disconnected');
        return accounts.length === 0 ? <p>No CRM is connected yet. <Link to="/connections">Connect one first.</Link></p> : <FormOf accounts={accounts} away={connections.error} />;
      }}
    </Answer>
  );
}

function FormOf({ accounts, away }: { readonly accounts: readonly ConnectionView[]; readonly away: unknown }): ReactElement {
  const [typed, setTyped] = useState(nothingTyped);
  const queries = useQueryClient();
  const bar = useBar('syncs:write') ?? barWhileAway(away);
  const begin = useMutation({
    mutationFn: (rules: NewSyncRules) => api.call('POST /v1/syncs', { body: rules }),
    onSuccess: async () => {
      setTyped(nothingTyped);
      await queries.invalidateQueries({ queryKey: ['syncs'] });
    },
  });
  const wrong = wrongPlaces(begin.error, ['/name', '/sides']);
  const change = (changed: Partial<Typed>): void => setTyped({ ...typed, ...changed });
  return (
    <div className="fields">
      <FaultyField fault={wrong.at.get('/name')}>
        {(marks) => <label>Name <input value={typed.name} maxLength={100} autoComplete="off" {...marks} onChange={({ target: { value } }) => change({ name: value })} /></label>}
      </FaultyField>
      <label>Kind of records <Selection names={objects} value={typed.object} onChange={(object) => change({ object })} /></label>
      <FaultyField fault={wrong.at.get('/sides')}>
        {(marks) => (
          <fieldset className="pairs" {...marks}>
            <legend>Accounts</legend>
            <p className="hint">Two that are read and written keep in step both ways; one that is read and one that is written, one way.</p>
            {accounts.map(({ id, vendor, ...account }) => (
              <label key={id}>
                {vendorCards[vendor].name}, {accountLabel(account)}
                <Selection names={parts} value={typed.sides[id] ?? 'none'} onChange={(part) => change({ sides: { ...typed.sides, [id]: part } })} />
              </label>
            ))}
          </fieldset>
        )}
      </FaultyField>
      <label>Changed in two places <Selection names={conflicts} value={typed.conflicts} onChange={(policy) => change({ conflicts: policy })} /></label>
      <label>Records that were archived in one <Selection names={endings} value={typed.gone} onChange={(gone) => change({ gone })} /></label>
      {begin.error !== null && !wrong.isAll && <Failed problem={begin.error} />}
      <p role="status">{begin.isSuccess ? 'It has begun: all accounts are read first.' : ''}</p>
      <div className="acts"><ActButton look="primary" barredBecause={bar} isPending={begin.isPending} onAct={() => begin.mutate(rulesOf(typed, accounts))}>Begin</ActButton></div>
    </div>
  );
}

/** What was typed, as the interface takes it; what is missing or wrong in it the hub says. */
function rulesOf({ sides, ...rest }: Typed, accounts: readonly ConnectionView[]): NewSyncRules {
  return {
    ...rest,
    sides: accounts.flatMap(({ id }) => {
      const part = sides[id] ?? 'none';
      return part === 'none' ? [] : [{ connectionId: id, reads: part !== 'out', writes: part !== 'in' }];
    }),
  };
}

function Selection<Value extends string>({ names, value, onChange }: { readonly names: Readonly<Record<Value, string>>; readonly value: Value; readonly onChange: (value: Value) => void }): ReactElement {
  const values: Value[] = [];
  for (const each in names) values.push(each);
  return (
    <select value={value} onChange={({ target }) => onChange(values.find((each) => each === target.value) ?? value)}>
      {values.map((each) => <option key={each} value={each}>{names[each]}</option>)}
    </select>
  );
}
