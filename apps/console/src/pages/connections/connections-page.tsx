import type { ReactElement } from 'react';
import { Answer } from '../../ui/answer.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { ConnectAccount } from './connect-account.tsx';
import { ConnectionCard } from './connection-card.tsx';
import { useConnections } from './connection-queries.ts';

/** The tenant's accounts at vendors: how each stands, and what can be done about it. */
export function ConnectionsPage(): ReactElement {
  const connections = useConnections();
  const named = new URLSearchParams(location.search).get('connection');
  return (
    <Page title="Connections">
      <Answer query={connections} what="connections">
        {(all) => {
          const kept = all.filter(({ state }) => state !== 'disconnected');
          if (kept.length === 0) return <Nothing title="No account is connected yet.">Connect the first one below. Orders, contacts and deals flow as soon as a shop and a CRM are connected.</Nothing>;
          return (
            <>
              {named !== null && !kept.some(({ id }) => id === named) && <p className="stale" role="status">The account that this link names is gone, or was never one of yours.</p>}
              <ul className="cards">
                {kept.map((connection) => <li key={connection.id}><ConnectionCard connection={connection} isNew={connection.id === named} /></li>)}
              </ul>
            </>
          );
        }}
      </Answer>
      <ConnectAccount />
    </Page>
  );
}
