import type { DealFields, DealStatus, Money, Order, OrderStatus } from '@crossdock/contracts';
import { linesInWords } from './order-lines.ts';

const dealStatusOfOrder: Readonly<Record<OrderStatus, DealStatus>> = {
  pending: 'open',
  on_hold: 'open',
  processing: 'open',
  shipped: 'open',
  completed: 'won',
  cancelled: 'lost',
  refunded: 'lost',
  failed: 'lost',
};

interface KnownOfOrder {
  readonly statusSince: string;
  readonly shop: string | undefined;
  readonly decidedInCrm: DealStatus | undefined;
}

/**
 * The deal that stands for an order in the CRM.
 * @param known.statusSince when the order came to its status, ISO 8601 in UTC with milliseconds
 * @param known.shop what people know the order's shop by
 * @param known.decidedInCrm status that a person gave the deal in the CRM. It holds as long as the order itself is
 *   undecided: an order that is merely edited must not reopen a deal that sales has closed.
 */
export function dealFieldsOf(order: Order, { statusSince, shop, decidedInCrm }: KnownOfOrder): DealFields {
  const ofOrder = dealStatusOfOrder[order.status];
  return {
    name: `Order ${order.number}`,
    status: ofOrder === 'open' ? (decidedInCrm ?? 'open') : ofOrder,
    amount: worthOf(order),
    orderStatus: order.status,
    lineItems: linesInWords(order.lines),
    ...(shop !== undefined && { orderSource: shop }),
    ...(ofOrder === 'open' ? {} : { closedAt: statusSince }),
  };
}

/**
 * What the deal of an order is worth, the money that is left: a part that was given back lessens it. An order that was given back
 * whole keeps what was lost with it.
 */
export function worthOf({ status, total, refunds = [] }: Order): Money {
  if (status === 'refunded') return total;
  return { ...total, amountMinor: refunds.reduce((left, { amount }) => left - amount.amountMinor, total.amountMinor) };
}

/**
 * Tells a person's decision in the CRM from the echo of our own upsert.
 * @param previous the decision known so far
 * @param asked the status that we last asked the CRM to hold; undefined where we asked for none
 * @param told the status that the CRM now tells
 */
export function decisionInCrm(
  previous: DealStatus | undefined, asked: DealStatus | undefined, told: DealStatus,
): DealStatus | undefined {
  if (told !== asked) return told;
  return previous === told ? previous : undefined;
}
