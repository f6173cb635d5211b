import { type DealStatus, deterministicId, type Order, type OrderStatus } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { domainKeyOfEmail, emailKey, phoneKey } from '../identity/identity-key.ts';
import type { ToldDeal } from './deal.repository.ts';

/** The same as orders has the CRM hold, so that an order counts alike with a deal and without one. */
const dealStatuses: Readonly<Record<OrderStatus, DealStatus>> = {
  pending: 'open', on_hold: 'open', processing: 'open', shipped: 'open', completed: 'won', cancelled: 'lost', refunded: 'lost', failed: 'lost',
};

/** An order counts as a deal of its own, under this id, unless a deal of a CRM stands for it. */
export function orderDealId(orderId: string): string {
  return deterministicId('order-deal', orderId);
}

/** The person who ordered, by the better key first, and the company that the address speaks of. */
export function keysOfCustomer({ customer: { email, phone } }: Order): string[] {
  if (email === undefined) return phone === undefined ? [] : [phoneKey(phone)];
  return [emailKey(email), ...[domainKeyOfEmail(email)].flatMap((key) => key ?? [])];
}

/** What is left after refunds is revenue, at the time of the order. */
export function dealOfOrder(orderId: string, { source, number, status, total, refunds = [], placedAt, modifiedAt }: Order, parties: readonly string[]): ToldDeal {
  return {
    dealId: orderDealId(orderId), ...source, externalKey: orderId, name: `Order ${number}`, status: dealStatuses[status], stage: status, custom: {},
    amount: { currency: total.currency, amountMinor: refunds.reduce((left, { amount }) => left - amount.amountMinor, total.amountMinor) },
    closedAt: placedAt, modifiedAt, parties,
  };
}

/** The order that a deal stands for, by the key that the hub keeps on it. */
export function ordersOf(externalKey: string | undefined | null): string[] {
  const orderId = z.uuid().safeParse(externalKey);
  return orderId.success ? [orderDealId(orderId.data)] : [];
}

/** The same for a deal that is stored. */
export async function ordersBehind(manager: EntityManager, dealId: string): Promise<string[]> {
  const [deal] = await manager.query<Array<{ external_key: string | null }>>('SELECT external_key FROM deal WHERE deal_id = $1', [dealId]);
  return ordersOf(deal?.external_key);
}
