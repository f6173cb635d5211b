import { randomBytes } from 'node:crypto';
import { emptyBilling, emptyShipping, type LineItem, type Order, type OrderInput, type RefundInput } from './shop-order.ts';
import { siteTimes } from '../site-time.ts';

export interface OrderContext {
  nowMs: number;
  utcOffsetMinutes: number;
  currency: string;
  /** Gives the next number for an order's part (line, shipping line, meta entry). */
  nextId(): number;
}

/** A new order as WooCommerce would store it. */
export function newOrder(id: number, createdVia: string, input: OrderInput, context: OrderContext): Order {
  const { local, gmt } = siteTimes(context.nowMs, context.utcOffsetMinutes);
  const order: Order = {
    id,
    parent_id: 0,
    status: 'pending',
    currency: context.currency,
    version: '10.3.0',
    prices_include_tax: false,
    date_created: local,
    date_modified: local,
    discount_total: '0.00',
    discount_tax: '0.00',
    shipping_total: '0.00',
    shipping_tax: '0.00',
    cart_tax: '0.00',
    total: '0.00',
    total_tax: '0.00',
    customer_id: 0,
    order_key: `wc_order_${randomBytes(7).toString('hex').slice(0, 13)}`,
    billing: emptyBilling,
    shipping: emptyShipping,
    payment_method: '',
    payment_method_title: '',
    transaction_id: '',
    customer_ip_address: '',
    customer_user_agent: '',
    created_via: createdVia,
    customer_note: '',
    date_completed: null,
    date_paid: null,
    cart_hash: '',
    number: String(id),
    meta_data: [],
    line_items: [],
    tax_lines: [],
    shipping_lines: [],
    fee_lines: [],
    coupon_lines: [],
    refunds: [],
    date_created_gmt: gmt,
    date_modified_gmt: gmt,
    date_completed_gmt: null,
    date_paid_gmt: null,
    currency_symbol: '',
  };
  return changedOrder(order, input, context);
}

/** The order after a write. Any status may follow any other: the REST interface guards no transitions. */
export function changedOrder(order: Order, input: OrderInput, context: OrderContext): Order {
  const { local, gmt } = siteTimes(context.nowMs, context.utcOffsetMinutes);
  const lineItems = mergedLines(order.line_items, input.line_items ?? [], context);
  const shippingLines = input.shipping_lines?.map((line) => ({
    id: context.nextId(),
    ...line,
    total_tax: '0.00',
    taxes: [],
    meta_data: [],
  }));
  const status = input.status ?? (input.set_paid && order.status === 'pending' ? 'processing' : order.status);
  const paidNow = order.date_paid === null && (input.set_paid || status === 'processing' || status === 'completed');
  const completedNow = order.date_completed === null && status === 'completed';
  const next: Order = {
    ...order,
    ...given(input),
    status,
    line_items: lineItems,
    shipping_lines: shippingLines ?? order.shipping_lines,
    meta_data: mergedMeta(order.meta_data, input.meta_data ?? [], context),
    date_modified: local,
    date_modified_gmt: gmt,
    ...(paidNow ? { date_paid: local, date_paid_gmt: gmt } : {}),
    ...(completedNow ? { date_completed: local, date_completed_gmt: gmt } : {}),
  };
  const shippingCents = sumCents(next.shipping_lines.map((line) => line.total));
  const itemCents = sumCents(next.line_items.map((line) => line.total));
  const summed = { ...next, shipping_total: money(shippingCents), total: money(shippingCents + itemCents) };
  return order.status !== 'refunded' && summed.status === 'refunded' ? withRefundOfRest(summed, context) : summed;
}

/** The order after a part of its money, or all that is left, went back; with nothing left its status is `refunded` (`wc_create_refund`). */
export function refundedOrder(order: Order, { amount, reason }: RefundInput, context: OrderContext): Order {
  const { local, gmt } = siteTimes(context.nowMs, context.utcOffsetMinutes);
  const refunds = [{ id: context.nextId(), reason, total: `-${amount}` }, ...order.refunds];
  const refunded: Order = { ...order, refunds, date_modified: local, date_modified_gmt: gmt };
  return leftCents(refunded) === 0 ? { ...refunded, status: 'refunded' } : refunded;
}

/** What of an order's total has not been refunded. */
export function leftCents({ total, refunds }: Order): number {
  return sumCents([total, ...refunds.map((refund) => refund.total)]);
}

/** In the bin, where it keeps its number; HPOS dates that as a change (`OrdersTableDataStore::trash_order`). */
export function trashedOrder(order: Order, { nowMs, utcOffsetMinutes }: OrderContext): Order {
  const { local, gmt } = siteTimes(nowMs, utcOffsetMinutes);
  return { ...order, status: 'trash', date_modified: local, date_modified_gmt: gmt };
}

/** A status of `refunded` refunds what is left (`wc_order_fully_refunded`). */
function withRefundOfRest(order: Order, context: OrderContext): Order {
  const cents = leftCents(order);
  return cents <= 0 ? order : refundedOrder(order, { amount: money(cents), reason: 'Order fully refunded.' }, context);
}

const plainFields = [
  'currency',
  'customer_id',
  'customer_note',
  'billing',
  'shipping',
  'payment_method',
  'payment_method_title',
  'transaction_id',
] as const;

function given(input: OrderInput): Partial<Order> {
  return Object.fromEntries(plainFields.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));
}

function mergedLines(lines: LineItem[], inputs: NonNullable<OrderInput['line_items']>, context: OrderContext): LineItem[] {
  const merged = new Map(lines.map((line) => [line.id, line]));
  for (const input of inputs) {
    const known = input.id === undefined ? undefined : merged.get(input.id);
    const id = known?.id ?? context.nextId();
    const price = input.price ?? (input.total === undefined ? known?.price : Number(input.total) / Math.max(1, input.quantity)) ?? 10;
    const total = input.total ?? money(Math.round(price * 100) * input.quantity);
    if (known !== undefined && input.quantity === 0) merged.delete(id);
    else merged.set(id, { ...(known ?? bareLine(input)), id, quantity: input.quantity, subtotal: total, total, price });
  }
  return [...merged.values()];
}

const bareLine = (input: NonNullable<OrderInput['line_items']>[number]): Omit<LineItem, 'id' | 'quantity' | 'subtotal' | 'total' | 'price'> => ({
  name: input.name,
  product_id: input.product_id,
  variation_id: input.variation_id,
  tax_class: '',
  subtotal_tax: '0.00',
  total_tax: '0.00',
  taxes: [],
  meta_data: [],
  sku: input.sku,
});

function mergedMeta(meta: Order['meta_data'], inputs: NonNullable<OrderInput['meta_data']>, context: OrderContext): Order['meta_data'] {
  const merged = [...meta];
  for (const { id, key, value } of inputs) {
    const index = merged.findIndex((entry) => (id === undefined ? entry.key === key : entry.id === id));
    const known = merged[index];
    if (known === undefined) merged.push({ id: context.nextId(), key, value });
    else merged[index] = { id: known.id, key, value };
  }
  return merged;
}

const sumCents = (amounts: string[]): number => amounts.reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0);
const money = (cents: number): string => (cents / 100).toFixed(2);
