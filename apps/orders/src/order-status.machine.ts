import type { OrderStatus } from '@crossdock/contracts';

/**
 * Which status may follow which. Fulfilment only goes forward; a failed or cancelled order may still be paid for,
 * as WooCommerce's own `payment_complete()` takes it from there to `processing` or `completed`. The shop's REST
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

export type OrderTransition =
  | { readonly outcome: 'moved'; readonly from: OrderStatus; readonly to: OrderStatus }
  | { readonly outcome: 'unchanged'; readonly to: OrderStatus }
  | { readonly outcome: 'refused'; readonly from: OrderStatus; readonly asked: OrderStatus; readonly to: OrderStatus };

/** Decides a status asked for: moved, already there, or refused as a step back (then `to` is the status kept). */
export function decideOrderStatus(current: OrderStatus, asked: OrderStatus): OrderTransition {
  if (current === asked) return { outcome: 'unchanged', to: current };
  if (followers[current].includes(asked)) return { outcome: 'moved', from: current, to: asked };
  return { outcome: 'refused', from: current, asked, to: current };
}
