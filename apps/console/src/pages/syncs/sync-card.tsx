import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { AnswerOf } from '../../api/route-types.ts';
import { useBar } from '../../app/caller.ts';
import { api } from '../../app/hub.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { ConfirmedAct } from '../../ui/confirmed-act.tsx';
import { Failed } from '../../ui/failed.tsx';
import { vendorCards } from '../connections/vendors.ts';
import { SyncErrors } from './sync-errors.tsx';
import { SyncRunProgress } from './sync-run-progress.tsx';

type Sync = AnswerOf<'GET /v1/syncs'>['items'][number];

const states = { loading: { name: 'Reading all records', look: 'calm' }, active: { name: 'In step', look: 'good' }, paused: { name: 'Rests', look: 'warn' } } as const;

/** One sync: its accounts, its state, its runs, what it could not bring through, and what can be done with it. */
export function SyncCard({ sync: { id, name, object, sides, state } }: { readonly sync: Sync }): ReactElement {
  const queries = useQueryClient();
  const mayWrite = useBar('syncs:write');
  const onSuccess = (): Promise<void> => queries.invalidateQueries({ queryKey: ['syncs'] });
  const path = { id };
  const begin = useMutation({ mutationFn: () => api.call('POST /v1/syncs/{id}/runs', { path }), onSuccess });
  const pause = useMutation({ mutationFn: () => api.call('POST /v1/syncs/{id}/pause', { path }), onSuccess });
  const resume = useMutation({ mutationFn: () => api.call('POST /v1/syncs/{id}/resume', { path }), onSuccess });
  const reset = useMutation({ mutationFn: () => api.call('POST /v1/syncs/{id}/reset', { path }), onSuccess });
  const runs = useQuery({
    queryKey: ['syncs', id, 'runs'], queryFn: async ({ signal }) => (await api.call('GET /v1/syncs/{id}/runs', { path, signal })).data.items, refetchInterval: 15_000,
  });
  const bar = mayWrite ?? barWhileAway(runs.error);
  const problem = begin.error ?? pause.error ?? resume.error ?? reset.error ?? runs.error;
  const latest = runs.data?.at(0);
  return (
    <article className="card" aria-label={name}>
      <div className="card-head"><h3>{name}</h3><span className={`state ${states[state].look}`}>{states[state].name}</span></div>
      <p>{objects[object]} between {new Intl.ListFormat().format(sides.map(({ vendor, reads, writes }) => `${vendorCards[vendor].name}${reads && writes ? '' : reads ? ' (read only)' : ' (written only)'}`))}</p>
      {latest && <SyncRunProgress syncId={id} run={latest} />}
      <SyncErrors syncId={id} name={name} />
      {problem !== null && <Failed problem={problem} />}
      <div className="acts">
        <ActButton barredBecause={bar ?? (latest?.state === 'running' ? 'A run is under way already.' : undefined)} isPending={begin.isPending} about={name} onAct={() => begin.mutate()}>Compare now</ActButton>
        {state === 'paused'
          ? <ActButton barredBecause={bar} isPending={resume.isPending} about={name} onAct={() => resume.mutate()}>Go on</ActButton>
          : <ActButton barredBecause={bar} isPending={pause.isPending} about={name} onAct={() => pause.mutate()}>Let it rest</ActButton>}
        <ConfirmedAct name="Start over" about={name} question={`Start ${name} over?`} barredBecause={bar} isPending={reset.isPending} onAct={() => reset.mutate()}>
          <p>What is known of the records is forgotten, and all accounts are read again. Nothing is deleted in the accounts; on large ones this takes hours and uses much of their budget.</p>
        </ConfirmedAct>
      </div>
    </article>
  );
}

const objects = { contact: 'Contacts', company: 'Companies', deal: 'Deals' } as const;
