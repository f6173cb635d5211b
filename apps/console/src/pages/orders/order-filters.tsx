import { useState, type ReactElement, type SubmitEvent } from 'react';
import { useConnections } from '../connections/connection-queries.ts';
import { accountLabel, vendorCards } from '../connections/vendors.ts';
import { orderStatuses, type OrderSearch } from './order-search.ts';
import { statusName } from './status-name.ts';

/** Which orders are shown. A choice holds at once; the number when it is sent off. */
export function OrderFilters({ filter, onChange }: { readonly filter: OrderSearch; readonly onChange: (filter: OrderSearch) => void }): ReactElement {
  const [typed, setTyped] = useState(filter.externalId ?? '');
  const shops = (useConnections().data ?? []).filter(({ vendor }) => vendorCards[vendor].what === 'Shop');
  const look = (event: SubmitEvent): void => {
    event.preventDefault();
    const { externalId: _, ...rest } = filter;
    onChange(typed.trim() === '' ? rest : { ...rest, externalId: typed.trim() });
  };
  const choose = (name: 'status' | 'connectionId', value: string): void => {
    const { [name]: _, ...rest } = filter;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  return (
    <form className="filters" role="search" onSubmit={look}>
      <label>Number in the shop <input type="search" value={typed} maxLength={255} autoComplete="off" onChange={({ target }) => setTyped(target.value)} /></label>
      <label>
        Status
        <select value={filter.status ?? ''} onChange={({ target }) => choose('status', target.value)}>
          <option value="">Any</option>
          {orderStatuses.map((status) => <option key={status} value={status}>{statusName(status)}</option>)}
        </select>
      </label>
      {shops.length > 1 && (
        <label>
          Shop
          <select value={filter.connectionId ?? ''} onChange={({ target }) => choose('connectionId', target.value)}>
            <option value="">Any</option>
            {shops.map((shop) => <option key={shop.id} value={shop.id}>{accountLabel(shop)}</option>)}
          </select>
        </label>
      )}
      <button type="submit">Look</button>
    </form>
  );
}
