import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../app/hub.ts';
import { Answer } from '../../ui/answer.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { useConnections } from '../connections/connection-queries.ts';
import { hasSetUp, vendorCards, type ConnectionView } from '../connections/vendors.ts';

/** Who has an address, by each connected CRM: the hub's own records are known by numbers and not by addresses. */
export function FoundPeople({ email }: { readonly email: string }): ReactElement {
  const connections = useConnections();
  return (
    <section aria-labelledby="people">
      <h2 id="people">Contacts with {email}</h2>
      <Answer query={connections} what="connected accounts">
        {(all) => {
          const asked = all.filter(({ vendor, state }) => hasSetUp(vendor) && (state === 'healthy' || state === 'degraded'));
          if (asked.length === 0) return <Nothing title="No CRM can be asked at present.">Connect one, or connect it again, under Connections.</Nothing>;
          return <ul className="cards">{asked.map((connection) => <li key={connection.id}><ContactsOf connection={connection} email={email} /></li>)}</ul>;
        }}
      </Answer>
    </section>
  );
}

function ContactsOf({ connection: { id, vendor, accountName }, email }: { readonly connection: ConnectionView; readonly email: string }): ReactElement {
  const found = useQuery({
    queryKey: ['contacts', id, email],
    queryFn: async ({ signal }) => (await api.call('POST /v1/connections/{id}/records/{object}/search', { path: { id, object: 'contact' }, body: { field: 'email', values: [email] }, signal })).data,
  });
  const name = `${vendorCards[vendor].name}${accountName === undefined ? '' : ` (${accountName})`}`;
  return (
    <article className="card" aria-label={name}>
      <h3>{name}</h3>
      <Answer query={found} what={`contacts of ${name}`}>
        {({ records, stale, asOf }) => (
          <>
            {stale && asOf !== undefined && <p className="stale" role="status">The account does not answer at present; this is how it was at <Moment at={asOf} />.</p>}
            {records.length === 0 && <p>Nobody here has this address.</p>}
            <ul>
              {records.map(({ externalId, modifiedAt }) => (
                <li key={externalId}><Link to="/follow" search={{ record: `${vendor}/contact/${externalId}` }}>Contact {externalId}</Link>, changed <Moment at={modifiedAt} /></li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </article>
  );
}
