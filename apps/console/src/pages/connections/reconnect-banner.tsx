import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useBar } from '../../app/caller.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { Failed } from '../../ui/failed.tsx';
import { useReconnect } from './connecting.ts';
import { useConnections, useHealth } from './connection-queries.ts';
import { secretsOf, vendorCards, type ConnectionView } from './vendors.ts';

/** On every page: accounts that a person has to connect again, each with the click that does it. */
export function ReconnectBanner(): ReactElement {
  const waiting = useConnections().data?.filter(({ state }) => state === 'needs_reconnect') ?? [];
  return <>{waiting.map((connection) => <OneBanner key={connection.id} connection={connection} />)}</>;
}

function OneBanner({ connection: { id, vendor, accountName, stateReason } }: { readonly connection: ConnectionView }): ReactElement {
  const banner = useHealth(id).data?.banner;
  const away = barWhileAway(useConnections().error);
  const bar = useBar('connections:write') ?? away;
  const { mutate, isPending, error } = useReconnect();
  const name = accountName ?? vendorCards[vendor].name;
  return (
    <section className="banner error" aria-label={`${name} must be connected again`}>
      <p><strong>{banner?.title ?? `${name} must be connected again`}</strong> {banner?.text ?? stateReason ?? ''}</p>
      {secretsOf(vendor).length > 0 ? <Link to="/connections" className="button">Enter a new key<span className="unseen"> for {name}</span></Link> : <ActButton look="primary" barredBecause={bar} isPending={isPending} about={name} onAct={() => mutate({ connectionId: id, vendor })}>Reconnect</ActButton>}
      {error !== null && <Failed problem={error} />}
    </section>
  );
}
