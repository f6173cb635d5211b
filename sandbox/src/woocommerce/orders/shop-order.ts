import { z } from 'zod';

export const orderStatuses = [
  'pending',
  'processing',
  'on-hold',
  'completed',
  'cancelled',
  'refunded',
  'failed',
  'checkout-draft',
] as const;
/** What a shop has of its own, a plug-in may add to, such as `shipped`. */
export type OrderStatus = (typeof orderStatuses)[number] | 'trash' | (string & {});

const addressPart = z.string().default('');
const shippingSchema = z.object({
  first_name: addressPart,
  last_name: addressPart,
  company: addressPart,
  address_1: addressPart,
  address_2: addressPart,
  city: addressPart,
  state: addressPart,
  postcode: addressPart,
  country: addressPart,
});
const billingSchema = shippingSchema.extend({ email: addressPart, phone: addressPart });

const money = z.union([z.string().regex(/^\d+(\.\d+)?$/), z.number().min(0)]).transform((value) => Number(value).toFixed(2));

const lineItemSchema = z.object({
  id: z.int().optional(),
  name: z.string().default('Product'),
  product_id: z.int().default(0),
  variation_id: z.int().default(0),
  sku: z.string().default(''),
  quantity: z.int().min(0).default(1),
  /** Price of one, before tax; WooCommerce takes it from the product when neither it nor a total is given. */
  price: z.number().min(0).optional(),
  total: money.optional(),
});

export const orderInputSchema = z.object({
  status: z.string().optional(),
  currency: z.string().length(3).optional(),
  customer_id: z.int().optional(),
  customer_note: z.string().optional(),
  billing: billingSchema.optional(),
  shipping: shippingSchema.optional(),
  payment_method: z.string().optional(),
  payment_method_title: z.string().optional(),
  transaction_id: z.string().optional(),
  set_paid: z.boolean().default(false),
  line_items: z.array(lineItemSchema).optional(),
  shipping_lines: z
    .array(z.object({ method_id: z.string().default('flat_rate'), method_title: z.string().default('Flat rate'), total: money }))
    .optional(),
  meta_data: z.array(z.object({ id: z.int().optional(), key: z.string(), value: z.unknown() })).optional(),
});
export type OrderInput = z.output<typeof orderInputSchema>;
export type OrderInputBody = z.input<typeof orderInputSchema>;

export const refundInputSchema = z.object({ amount: money, reason: z.string().default('') });
export type RefundInput = z.output<typeof refundInputSchema>;

export interface LineItem {
  id: number;
  name: string;
  product_id: number;
  variation_id: number;
  quantity: number;
  tax_class: string;
  subtotal: string;
  subtotal_tax: string;
  total: string;
  total_tax: string;
  taxes: never[];
  meta_data: never[];
  sku: string;
  price: number;
}

/** A refund as its order shows it; the amount is negative. */
export interface OrderRefund {
  id: number;
  reason: string;
  total: string;
}

export interface Order {
  id: number;
  parent_id: number;
  status: OrderStatus;
  currency: string;
  version: string;
  prices_include_tax: boolean;
  date_created: string;
  date_modified: string;
  discount_total: string;
  discount_tax: string;
  shipping_total: string;
  shipping_tax: string;
  cart_tax: string;
  total: string;
  total_tax: string;
  customer_id: number;
  order_key: string;
  billing: z.output<typeof billingSchema>;
  shipping: z.output<typeof shippingSchema>;
  payment_method: string;
  payment_method_title: string;
  transaction_id: string;
  customer_ip_address: string;
  customer_user_agent: string;
  created_via: string;
  customer_note: string;
  date_completed: string | null;
  date_paid: string | null;
  cart_hash: string;
  number: string;
  meta_data: { id: number; key: string; value: unknown }[];
  line_items: LineItem[];
  tax_lines: never[];
  shipping_lines: { id: number; method_title: string; method_id: string; total: string; total_tax: string; taxes: never[]; meta_data: never[] }[];
  fee_lines: never[];
  coupon_lines: never[];
  refunds: OrderRefund[];
  date_created_gmt: string;
  date_modified_gmt: string;
  date_completed_gmt: string | null;
  date_paid_gmt: string | null;
  currency_symbol: string;
}

export const emptyBilling = billingSchema.parse({});
export const emptyShipping = shippingSchema.parse({});
