import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Order } from '../../api/generated/types.ts';
import { Answer } from '../../ui/answer.tsx';
import { formatMoney } from '../../ui/amounts.ts';
import { Moment } from '../../ui/moment.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { OrderFilters } from './order-filters.tsx';
import { useOrders } from './order-queries.ts';
import { statusName } from './status-name.ts';

const crmStates: Readonly<Record<Order['crm']['state'], string>> = { not_linked: 'No CRM yet', behind: 'CRM is behind', in_step: 'In step' };

/** The tenant's orders, newest first. What is looked for stands in the page's address. */
export function OrdersPage(): ReactElement {
  const filter = useSearch({ from: '/orders' });
  const navigate = useNavigate({ from: '/orders' });
  const orders = useOrders(filter);
  return (
    <Page title="Orders">
      <OrderFilters filter={filter} onChange={(search) => void navigate({ search })} />
      <Answer query={orders} what="orders">
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Nothing title="There is no such order.">Orders come in by themselves once a shop is connected. A filter above may leave all of them out.</Nothing>;
          return (
            <>
              <div className="scroll" tabIndex={0} role="group" aria-label="Orders">
                <table>
                  <thead><tr><th scope="col">Order</th><th scope="col">Status</th><th scope="col">CRM</th><th scope="col" className="number">Total</th><th scope="col">Placed</th><th scope="col">Changed</th></tr></thead>
                  <tbody>{items.map((order) => <OrderRow key={order.id} order={order} />)}</tbody>
                </table>
              </div>
              {orders.hasNextPage && <p><button type="button" disabled={orders.isFetchingNextPage} onClick={() => void orders.fetchNextPage()}>{orders.isFetchingNextPage ? 'Loading …' : 'Show older ones'}</button></p>}
            </>
          );
        }}
      </Answer>
    </Page>
  );
}

function OrderRow({ order: { id, status, deletedAt, modifiedAt, crm, order: { number, total, placedAt } } }: { readonly order: Order }): ReactElement {
  return (
    <tr>
      <th scope="row"><Link to="/orders/$orderId" params={{ orderId: id }}>{number}</Link></th>
      <td>{statusName(status)}{deletedAt !== undefined && ', deleted in the shop'}</td>
      <td>{crmStates[crm.state]}</td>
      <td className="number">{formatMoney(total)}</td>
      <td><Moment at={placedAt} /></td>
      <td><Moment at={modifiedAt} /></td>
    </tr>
  );
}
