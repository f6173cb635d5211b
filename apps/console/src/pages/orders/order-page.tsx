import { Link, useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Order } from '../../api/generated/types.ts';
import { Answer } from '../../ui/answer.tsx';
import { formatCount, formatMoney } from '../../ui/amounts.ts';
import { Moment } from '../../ui/moment.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { vendorCards } from '../connections/vendors.ts';
import { drawMachine, movesOf } from './machine-layout.ts';
import { MachinePicture } from './machine-picture.tsx';
import { MoveList } from './move-list.tsx';
import { useMachine, useOrder, useTimeline } from './order-queries.ts';
import { statusName } from './status-name.ts';

/** One order: what it is, and its way through the tenant's state machine. */
export function OrderPage(): ReactElement {
  const { orderId } = useParams({ from: '/orders/$orderId' });
  const order = useOrder(orderId);
  return (
    <Page title={order.data === undefined ? 'Order' : `Order ${order.data.order.number}`}>
      <Answer query={order} what="the order">
        {(found) => (
          <>
            <OrderFacts order={found} />
            <OrderWay order={found} />
          </>
        )}
      </Answer>
    </Page>
  );
}

function OrderFacts({ order: { id, externalId, status, deletedAt, modifiedAt, crmOrderId, crm, order: { total, placedAt, lines, customer } } }: { readonly order: Order }): ReactElement {
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">What it is</h2>
      <dl className="facts">
        <dt>Status</dt><dd>{statusName(status)}{deletedAt !== undefined && <>, deleted in the shop <Moment at={deletedAt} /></>}</dd>
        <dt>Number in the shop</dt><dd>{externalId}</dd>
        <dt>Total</dt><dd>{formatMoney(total)}, {lines.length === 1 ? 'one line' : `${lines.length} lines`}</dd>
        <dt>Placed</dt><dd><Moment at={placedAt} /></dd>
        <dt>Changed</dt><dd><Moment at={modifiedAt} /></dd>
        {customer?.email !== undefined && <><dt>Customer</dt><dd>{customer.email}</dd></>}
        <dt>Deal</dt><dd>{crmOrderId === undefined || crm.vendor === undefined ? 'None yet' : <Link to="/follow" search={{ record: `${crm.vendor}/deal/${crmOrderId}` }}>{vendorCards[crm.vendor].name} deal {crmOrderId}</Link>}</dd>
      </dl>
      <p><Link to="/follow" search={{ record: `order/${id}` }} className="button">Follow its whole way</Link></p>
    </section>
  );
}

function OrderWay({ order: { id, status } }: { readonly order: Order }): ReactElement {
  const machine = useMachine();
  const timeline = useTimeline(id);
  return (
    <section aria-labelledby="states">
      <h2 id="states">Its way through the states</h2>
      <Answer query={timeline} what="what was decided">
        {({ items, isComplete }) => {
          const moves = movesOf(items);
          return (
            <>
              {!isComplete && <p className="banner warning">Shown are its first {formatCount(items.length)} decisions. <Link to="/follow" search={{ record: `order/${id}` }}>Follow its whole way for those after them</Link></p>}
              <Answer query={machine} what="the state machine">{({ definition }) => <MachinePicture drawing={drawMachine(definition, moves, status)} />}</Answer>
              {moves.length === 0 ? <Nothing title="It has not moved yet.">It is as it was when it came in: {statusName(status)}.</Nothing> : <MoveList moves={moves} />}
            </>
          );
        }}
      </Answer>
    </section>
  );
}
