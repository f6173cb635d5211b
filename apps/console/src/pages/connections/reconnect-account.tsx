import { useState, type ReactElement } from 'react';
import { wrongPlaces } from '../../api/wrong-places.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { Failed } from '../../ui/failed.tsx';
import { useReconnect } from './connecting.ts';
import { missingAmong, placeOf, VendorFields } from './vendor-fields.tsx';
import { secretsOf, type ConnectionView } from './vendors.ts';

/** Connects an account again: by one click where the vendor asks for consent, by a new key where it is connected by keys. */
export function ReconnectAccount({ connection: { id, vendor }, name, bar }: { readonly connection: ConnectionView; readonly name: string; readonly bar: string | undefined }): ReactElement {
  const fields = secretsOf(vendor);
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  const { mutate, isPending, error } = useReconnect();
  const wrong = wrongPlaces(error, fields.map(placeOf));
  return (
    <>
      <VendorFields fields={fields} given={given} wrong={wrong} onChange={setGiven} />
      {error !== null && !wrong.isAll && <Failed problem={error} />}
      <div className="acts">
        <ActButton look="primary" barredBecause={bar ?? missingAmong(fields, given)} isPending={isPending} about={name} onAct={() => mutate({ connectionId: id, vendor, given })}>Reconnect</ActButton>
      </div>
    </>
  );
}
