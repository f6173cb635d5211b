import { useState, type ReactElement } from 'react';
import { wrongPlaces } from '../../api/wrong-places.ts';
import { useBar } from '../../app/caller.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { Failed } from '../../ui/failed.tsx';
import { useConnect } from './connecting.ts';
import { useConnections } from './connection-queries.ts';
import { missingAmong, placeOf, VendorFields } from './vendor-fields.tsx';
import { secretsOf, vendorCards, vendorsInOrder, type Vendor } from './vendors.ts';

/** A card for each vendor whose accounts can be connected. */
export function ConnectAccount(): ReactElement {
  return (
    <section aria-labelledby="connect">
      <h2 id="connect">Connect an account</h2>
      <ul className="cards">{vendorsInOrder.map((vendor) => <li key={vendor}><VendorForm vendor={vendor} /></li>)}</ul>
    </section>
  );
}

function VendorForm({ vendor }: { readonly vendor: Vendor }): ReactElement {
  const { name, what, fields } = vendorCards[vendor];
  const away = barWhileAway(useConnections().error);
  const bar = useBar('connections:write') ?? away;
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  const { mutate, isPending, error } = useConnect();
  const wrong = wrongPlaces(error, fields.map(placeOf));
  // A key that was taken is not kept; what else was typed is there when somebody comes back from the vendor's page.
  const connect = (): void => mutate({ vendor, given }, { onSuccess: () => { if (secretsOf(vendor).length > 0) setGiven({}); } });
  return (
    <article className="card" aria-label={`Connect ${name}`}>
      <div className="card-head"><h3>{name}</h3><span className="hint">{what}</span></div>
      <VendorFields fields={fields} given={given} wrong={wrong} onChange={setGiven} />
      {error !== null && !wrong.isAll && <Failed problem={error} />}
      <div className="acts">
        <ActButton look="primary" barredBecause={bar ?? missingAmong(fields, given)} isPending={isPending} about={name} onAct={connect}>Connect</ActButton>
      </div>
    </article>
  );
}
