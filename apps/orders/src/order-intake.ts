import type { Order } from '@crossdock/contracts';
import { decideOrderStatus, type OrderTransition } from './order-status.machine.ts';

/** What is known of an order. Times are ISO 8601 in UTC with milliseconds, so that text order is time order. */
export interface KnownOrder {
  readonly order: Order;
  readonly statusSince: string;
  readonly deletedAt?: string;
}

/** What a shop told of an order; of a deleted one it tells no more than that. */
export type ToldOrder =
  | { readonly change: 'created' | 'updated' | 'restored'; readonly order: Order }
  | { readonly change: 'deleted'; readonly receivedAt: string };

export type IntakeDecision =
  | { readonly outcome: 'stale' }
  | { readonly outcome: 'applied'; readonly next: KnownOrder; readonly transition?: OrderTransition };

/**
 * Decides what a shop's message does to an order. What is not newer than what is known is stale. A status that would
 * be a step back is refused while the rest of the message counts. A deleted order counts as cancelled until the shop
 * tells of it again; then the shop's status is taken as it is.
 */
export function decideIntake(known: KnownOrder | undefined, told: ToldOrder): IntakeDecision {
  if (told.change === 'deleted') return decideDeletion(known, told.receivedAt);
  const { order } = told;
  if (!known) return { outcome: 'applied', next: { order, statusSince: order.modifiedAt } };
  if (known.deletedAt !== undefined) {
    const back = told.change === 'restored' ? order.modifiedAt >= known.order.modifiedAt : order.modifiedAt > known.deletedAt;
    return back ? { outcome: 'applied', next: { order, statusSince: order.modifiedAt } } : { outcome: 'stale' };
  }
  const transition = decideOrderStatus(known.order.status, order.status);
  if (!isNewer(order, known.order, transition)) return { outcome: 'stale' };
  const statusSince = transition.outcome === 'moved' ? order.modifiedAt : known.statusSince;
  return { outcome: 'applied', transition, next: { order: { ...order, status: transition.to }, statusSince } };
}

/**
 * WooCommerce tells modification times in whole seconds, and an order is often placed and paid for within one. So of
 * two messages of the same second the one that takes the status forward is the newer.
 */
function isNewer(order: Order, known: Order, transition: OrderTransition): boolean {
  if (order.modifiedAt !== known.modifiedAt) return order.modifiedAt > known.modifiedAt;
  return transition.outcome === 'moved';
}

/** An order never heard of leaves nothing to delete. */
function decideDeletion(known: KnownOrder | undefined, receivedAt: string): IntakeDecision {
  if (!known || known.deletedAt !== undefined) return { outcome: 'stale' };
  const transition = decideOrderStatus(known.order.status, 'cancelled');
  const statusSince = transition.outcome === 'moved' ? receivedAt : known.statusSince;
  return {
    outcome: 'applied',
    transition,
    next: { order: { ...known.order, status: transition.to }, statusSince, deletedAt: receivedAt },
  };
}
