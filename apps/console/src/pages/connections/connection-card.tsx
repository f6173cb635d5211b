import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../app/hub.ts';
import { useBar } from '../../app/caller.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { ConfirmedAct } from '../../ui/confirmed-act.tsx';
import { Failed } from '../../ui/failed.tsx';
import { Moment } from '../../ui/moment.tsx';
import { ConnectionActs } from './connection-acts.tsx';
import { ConnectionFacts } from './connection-facts.tsx';
import { useConnections } from './connection-queries.ts';
import { ReconnectAccount } from './reconnect-account.tsx';
import { SetUpProgress } from './set-up-progress.tsx';
import { accountLabel, hasSetUp, vendorCards, type ConnectionView } from './vendors.ts';

const states: Readonly<Record<ConnectionView['state'], { readonly name: string; readonly look: string }>> = {
  connecting: { name: 'Connecting', look: 'calm' },
  healthy: { name: 'Connected', look: 'good' },
  degraded: { name: 'Works in part', look: 'warn' },
  needs_reconnect: { name: 'Must be connected again', look: 'bad' },
  disconnected: { name: 'Disconnected', look: 'calm' },
};

/** One account: its state and since when, what it allows, and what can be done with it. */
export function ConnectionCard({ connection, isNew }: { readonly connection: ConnectionView; readonly isNew: boolean }): ReactElement {
  const { id, vendor, state, stateSince, stateReason } = connection;
  const queries = useQueryClient();
  const away = barWhileAway(useConnections().error);
  const bar = useBar('connections:write') ?? away;
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['connections'] });
  const probe = useMutation({ mutationFn: () => api.call('POST /v1/connections/{id}/probe', { path: { id } }), onSuccess: refresh });
  const disconnect = useMutation({ mutationFn: () => api.call('DELETE /v1/connections/{id}', { path: { id } }), onSuccess: refresh });
  const problem = probe.error ?? disconnect.error;
  const name = accountLabel(connection);
  return (
    <article className="card" aria-label={`${vendorCards[vendor].name} ${name}`}>
      <div className="card-head">
        <h2>{vendorCards[vendor].name}</h2>
        <span className={`state ${states[state].look}`}>{states[state].name}</span>
      </div>
      <p>{name}</p>
      {isNew && <p role="status"><strong>This account was connected just now.</strong></p>}
      {stateReason !== undefined && <p>{stateReason}</p>}
      <p className="hint">Since <Moment at={stateSince} /></p>
      <ConnectionFacts connection={connection} />
      {hasSetUp(vendor) && <SetUpProgress connectionId={id} vendor={vendor} />}
      <ConnectionActs connectionId={id} />
      {state === 'needs_reconnect' && <ReconnectAccount connection={connection} name={name} bar={bar} />}
      {problem !== null && <Failed problem={problem} />}
      <div className="acts">
        <ActButton barredBecause={bar} isPending={probe.isPending} about={name} onAct={() => probe.mutate()}>Probe now</ActButton>
        <ConfirmedAct name="Disconnect" about={name} question={`Disconnect ${vendorCards[vendor].name}?`} barredBecause={bar} isPending={disconnect.isPending} onAct={() => disconnect.mutate()}>
          <p>Nothing is done for {name} from then on. What was granted there is taken back, and its secrets are forgotten. Records that were written stay in the account.</p>
        </ConfirmedAct>
      </div>
    </article>
  );
}
