import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Answer } from '../../ui/answer.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { useConnections } from '../connections/connection-queries.ts';
import { vendorCards, type ConnectionView } from '../connections/vendors.ts';
import { MappingEditor } from './mapping-editor.tsx';
import { useAccountFields, useMapping, type MappingTarget } from './mapping-queries.ts';
import { mappedObjects } from './mapping-search.ts';
import { objectNames } from './type-names.ts';

/** Which field of an account is which of the hub's. Account and kind of record stand in the page's address. */
export function MappingsPage(): ReactElement {
  const search = useSearch({ from: '/mappings' });
  const navigate = useNavigate({ from: '/mappings' });
  const connections = useConnections();
  return (
    <Page title="Mappings">
      <Answer query={connections} what="accounts">
        {(all) => {
          const accounts = all.filter(({ vendor, state }) => vendorCards[vendor].what === 'CRM' && state !== 'disconnected');
          const id = search.connection ?? accounts[0]?.id;
          if (id === undefined) return <Nothing title="No CRM is connected yet."><Link to="/connections">Connect one</Link>; its fields are shown here beside the hub’s.</Nothing>;
          const object = search.object ?? 'contact';
          const account = accounts.find((each) => each.id === id);
          return (
            <>
              <div className="filters">
                <label>
                  Account
                  <select value={id} onChange={({ target }) => void navigate({ search: { connection: target.value, object } })}>
                    {account === undefined && <option value={id}>Not one of yours</option>}
                    {accounts.map((each) => <option key={each.id} value={each.id}>{accountName(each)}</option>)}
                  </select>
                </label>
                <label>
                  Records
                  <select value={object} onChange={({ target }) => void navigate({ search: { connection: id, object: mappedObjects.find((each) => each === target.value) ?? 'contact' } })}>
                    {mappedObjects.map((each) => <option key={each} value={each}>{objectNames[each]}</option>)}
                  </select>
                </label>
              </div>
              <OneMapping key={`${id}/${object}`} target={{ id, object }} vendorName={account === undefined ? 'the account' : vendorCards[account.vendor].name} />
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

function accountName({ vendor, accountName: name, accountId }: ConnectionView): string {
  return `${vendorCards[vendor].name}, ${name ?? accountId}`;
}

function OneMapping({ target, vendorName }: { readonly target: MappingTarget; readonly vendorName: string }): ReactElement {
  const mapping = useMapping(target);
  const fields = useAccountFields(target);
  return (
    <Answer query={mapping} what="the mapping">
      {(latest) => (
        <Answer query={fields} what="the account’s fields">
          {(known) => <MappingEditor target={target} latest={latest} fields={known} vendorName={vendorName} away={mapping.error ?? fields.error} />}
        </Answer>
      )}
    </Answer>
  );
}
