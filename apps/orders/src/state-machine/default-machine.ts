import type { DealStatus, OrderStatus } from '@crossdock/contracts';
import { woocommerceStatuses } from '@crossdock/vendor-woocommerce';
import type { MachineDefinition, Move, Mover, Transition } from './machine-definition.ts';

/** Failed and cancelled stand beside each other: an order ends in one of them, or is paid for after all. */
const ranks: Readonly<Record<OrderStatus, number>> = {
  pending: 0, on_hold: 1, processing: 2, shipped: 3, completed: 4, failed: 5, cancelled: 5, refunded: 6,
};

/**
 * Which state may follow which when the shop says so. Fulfilment only goes forward; a failed or cancelled order may still be
 * paid for, as WooCommerce's own `payment_complete()` takes it from there to `processing` or `completed`. The shop's REST
 * interface enforces no order of statuses, so a late or mistaken step back does arrive here.
 */
const followers: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['on_hold', 'processing', 'shipped', 'completed', 'cancelled', 'failed', 'refunded'],
  on_hold: ['processing', 'shipped', 'completed', 'cancelled', 'failed', 'refunded'],
  failed: ['pending', 'on_hold', 'processing', 'shipped', 'completed', 'cancelled', 'refunded'],
  cancelled: ['processing', 'shipped', 'completed', 'refunded'],
  processing: ['shipped', 'completed', 'cancelled', 'failed', 'refunded'],
  shipped: ['completed', 'cancelled', 'refunded'],
  completed: ['refunded'],
  refunded: [],
};

/** Where a parcel on its way or delivered may take an order. */
const followersByShipping: ReadonlyArray<readonly [OrderStatus, OrderStatus]> = [['processing', 'shipped'], ['processing', 'completed'], ['shipped', 'completed']];

/** What a CRM says without saying anything of the order: a sale is closed at its own pace. */
const dealWords = (['open', 'won', 'lost'] as const satisfies readonly DealStatus[]).map((status) => `deal:${status}`);

const bySales: Move = { guards: ['kept_in_shop', 'verified_at_crm'], actions: ['write_to_shop'] };
const byParcel: Move = { guards: ['kept_in_shop'], actions: ['write_to_shop'] };

function transition(from: OrderStatus, to: OrderStatus): Transition {
  const isCorrection = ranks[to] < ranks[from];
  const isByShipping = followersByShipping.some(([before, after]) => before === from && after === to);
  const by: Partial<Record<Mover, Move>> = {
    shop: { guards: [], actions: [] }, ...(!isCorrection && { crm: bySales }), ...(isByShipping && { shipping: byParcel }),
  };
  return { from, to, ...(isCorrection && { correction: true }), by };
}

function wordsOf(status: OrderStatus): string[] {
  return Object.entries(woocommerceStatuses).filter(([, canonical]) => canonical === status).map(([word]) => word);
}

const statuses = Object.keys(ranks).filter((status): status is OrderStatus => status in ranks);

/** How orders move where a tenant has not said otherwise. */
export const defaultMachine: MachineDefinition = {
  initial: 'pending',
  states: Object.fromEntries(statuses.map((status) => [status, {
    rank: ranks[status], ...(followers[status].length === 0 && { final: true }), shop: wordsOf(status), crm: [`order_status:${status}`],
  }])),
  transitions: statuses.flatMap((from) => followers[from].map((to) => transition(from, to))),
  unknown: { shop: [], crm: dealWords },
};
