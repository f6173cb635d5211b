import { isDeepStrictEqual } from 'node:util';
import { formatDecimal, type DealFields, type DealState, type Money, type Order } from '@crossdock/contracts';
import { z } from 'zod';
import type { ReadOrder } from '../order-reading.ts';

/** A field in which the hub and the other side differ. Values hold no personal data: of a customer it is only said that he differs. */
export const driftSchema = z.object({
  side: z.enum(['shop', 'crm']),
  field: z.string(),
  here: z.string().describe('What the hub holds.'),
  there: z.string().describe('What the shop, or the CRM, holds.'),
});
export type Drift = z.infer<typeof driftSchema>;

const differs = { here: 'differs', there: 'differs' };

/** In which fields an order differs from what its shop holds. Where the order stands is the state machine's to say: only the shop's word is compared. */
export function driftOfShop(known: ReadOrder, told: ReadOrder): Drift[] {
  const [here, there] = [known.order, told.order];
  return [
    ...valueDrift('shop', 'status', known.shopWord, told.shopWord),
    ...valueDrift('shop', 'number', here.number, there.number),
    ...valueDrift('shop', 'total', shown(here.total), shown(there.total)),
    ...(isDeepStrictEqual(here.lines, there.lines) ? [] : [{ side: 'shop' as const, field: 'lines', here: linesOf(here), there: linesOf(there) }]),
    ...valueDrift('shop', 'refunded', refundedOf(here), refundedOf(there)),
    ...(isDeepStrictEqual(here.customer, there.customer) ? [] : [{ side: 'shop' as const, field: 'customer', ...differs }]),
  ];
}

/**
 * In which fields a deal differs from what its order asks for. A deal that sales close while its order is open is sales' to
 * close, and a field that the account does not keep is not compared.
 */
export function driftOfDeal(wanted: DealFields, deal: DealState): Drift[] {
  return [
    ...valueDrift('crm', 'name', wanted.name, deal.name),
    ...(deal.amount === undefined && wanted.amount === undefined ? [] : valueDrift('crm', 'amount', shown(wanted.amount), shown(deal.amount))),
    ...(deal.orderStatus === undefined ? [] : valueDrift('crm', 'orderStatus', wanted.orderStatus ?? 'none', deal.orderStatus)),
    ...(wanted.status === 'open' ? [] : valueDrift('crm', 'status', wanted.status, deal.status)),
  ];
}

function valueDrift(side: Drift['side'], field: string, here: string, there: string): Drift[] {
  return here === there ? [] : [{ side, field, here, there }];
}

function shown(money: Money | undefined): string {
  return money ? `${formatDecimal(money)} ${money.currency}` : 'none';
}

function refundedOf({ refunds = [], total: { currency } }: Order): string {
  return shown({ amountMinor: refunds.reduce((sum, { amount }) => sum + amount.amountMinor, 0), currency });
}

function linesOf({ lines, total: { currency } }: Order): string {
  const sum = lines.reduce((minor, { total }) => minor + total.amountMinor, 0);
  return `${lines.length} of ${lines.reduce((count, { quantity }) => count + quantity, 0)} pieces, ${shown({ amountMinor: sum, currency })}`;
}
