import { useState, type ReactElement } from 'react';
import { useBar } from '../../app/caller.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { Failed } from '../../ui/failed.tsx';
import { useConnect } from './connecting.ts';
import { vendorCards, vendorsInOrder, type Vendor } from './vendors.ts';

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
  const bar = useBar('connections:write');
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  const { mutate, isPending, error } = useConnect();
  const missing = fields.find((field) => field.isRequired === true && (given[field.name] ?? '').trim() === '');
  const barredBecause = bar ?? (missing && `First enter: ${missing.label}.`);
  return (
    <article className="card" aria-label={`Connect ${name}`}>
      <div className="card-head"><h3>{name}</h3><span className="hint">{what}</span></div>
      {fields.length > 0 && (
        <div className="fields">
          {fields.map((field) => (
            <label key={field.name}>
              {field.label}
              <input
                type={field.isSecret === true ? 'password' : 'text'} autoComplete="off" spellCheck={false} placeholder={field.example ?? ''} maxLength={512}
                value={given[field.name] ?? ''} onChange={({ target: { value } }) => setGiven({ ...given, [field.name]: value })}
              />
              <span className="hint">{field.hint}</span>
            </label>
          ))}
        </div>
      )}
      {error !== null && <Failed problem={error} />}
      <div className="acts"><ActButton look="primary" barredBecause={barredBecause} isPending={isPending} about={name} onAct={() => mutate({ vendor, given })}>Connect</ActButton></div>
    </article>
  );
}
