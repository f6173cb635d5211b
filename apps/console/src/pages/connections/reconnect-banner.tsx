import type { ReactElement } from 'react';
import { useBar } from '../../app/caller.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { Failed } from '../../ui/failed.tsx';
import { useReconnect } from './connecting.ts';
import { useConnections, useHealth } from './connection-queries.ts';
import { vendorCards, type ConnectionView } from './vendors.ts';

/** On every page: accounts that a person has to connect again, each with the click that does it. */
export function ReconnectBanner(): ReactElement {
  const waiting = useConnections().data?.filter(({ state }) => state === 'needs_reconnect') ?? [];
  return <>{waiting.map((connection) => <OneBanner key={connection.id} connection={connection} />)}</>;
}

function OneBanner({ connection: { id, vendor, accountName, stateReason } }: { readonly connection: ConnectionView }): ReactElement {
  const banner = useHealth(id).data?.banner;
  const bar = useBar('connections:write');
  const { mutate, isPending, error } = useReconnect();
  const name = accountName ?? vendorCards[vendor].name;
  const needsKey = vendorCards[vendor].fields.some(({ isSecret }) => isSecret);
  return (
    <section className="banner error" aria-label={`${name} must be connected again`}>
      <p><strong>{banner?.title ?? `${name} must be connected again`}</strong> {banner?.text ?? stateReason ?? ''}</p>
      {!needsKey && <ActButton look="primary" barredBecause={bar} isPending={isPending} about={name} onAct={() => mutate({ connectionId: id, vendor })}>Reconnect</ActButton>}
      {error !== null && <Failed problem={error} />}
    </section>
  );
}
