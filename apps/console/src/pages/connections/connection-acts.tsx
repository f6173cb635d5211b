import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { AnswerOf } from '../../api/route-types.ts';
import { api } from '../../app/hub.ts';
import { PersonName } from '../../people/person-name.tsx';
import { Answer } from '../../ui/answer.tsx';
import { Moment } from '../../ui/moment.tsx';

type Act = AnswerOf<'GET /v1/connections/{id}/audit'>['items'][number];

const acts: Readonly<Record<Act['action'], string>> = {
  'authorisation.started': 'Connecting began', 'authorisation.keys_received': 'Keys came from the vendor', 'authorisation.finished': 'The vendor agreed', 'authorisation.refused': 'Connecting failed',
  'connection.created': 'Connected', 'connection.reconnected': 'Connected again', 'connection.state': 'Its state changed', 'connection.secrets_changed': 'Secrets were exchanged',
  'connection.disconnected': 'Disconnected', 'connection.revoked': 'Taken back at the vendor', 'connection.webhooks': 'Webhooks of the account',
};

/** What was done to an account, by whom; read when somebody looks. */
export function ConnectionActs({ connectionId }: { readonly connectionId: string }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>What was done</summary>
      {isOpen && <ActList connectionId={connectionId} />}
    </details>
  );
}

function ActList({ connectionId }: { readonly connectionId: string }): ReactElement {
  const query = useQuery({
    queryKey: ['connections', connectionId, 'audit'],
    queryFn: async ({ signal }) => (await api.call('GET /v1/connections/{id}/audit', { path: { id: connectionId }, signal })).data.items,
    refetchInterval: 15_000,
  });
  return (
    <Answer query={query} what="what was done">
      {(all) => (all.length === 0 ? <p>Nothing yet.</p> : (
        <ul>
          {all.map(({ id, at, actor, action, outcome, detail }) => (
            <li key={id}><Moment at={at} />: {acts[action]} ({outcome}){detail !== null && `: ${detail}`}, by <PersonName of={actor} /></li>
          ))}
        </ul>
      ))}
    </Answer>
  );
}
