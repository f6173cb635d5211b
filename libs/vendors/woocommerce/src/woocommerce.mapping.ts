import { Failure, orderSchema, type Order } from '@crossdock/contracts';
import type { OrderReading } from '@crossdock/order-source';
import { z } from 'zod';
import { readAmount } from './woocommerce.amount.ts';
import { billingSchema, toCanonicalCustomer } from './woocommerce.contact.ts';
import { woocommerceStatuses } from './woocommerce.statuses.ts';
import { gmtSchema } from './woocommerce.time.ts';

const idSchema = z.union([z.int().positive(), z.string().regex(/^[1-9][0-9]*$/)]).transform(String);
const decimalSchema = z.union([z.string(), z.number()]);

const chargeShape = { id: idSchema, total: decimalSchema };

const orderBodySchema = z.object({
  id: idSchema,
  number: z.union([z.string().min(1), z.int()]).transform(String).optional(),
  status: z.string(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  total: decimalSchema,
  date_created_gmt: gmtSchema,
  date_modified_gmt: gmtSchema.nullish(),
  billing: billingSchema,
  line_items: z.array(z.object({
    id: idSchema,
    name: z.string().nullish(),
    sku: z.string().nullish(),
    quantity: z.coerce.number(),
    total: decimalSchema,
  })),
  shipping_lines: z.array(z.object({ ...chargeShape, method_title: z.string().nullish() })).nullish(),
  fee_lines: z.array(z.object({ ...chargeShape, name: z.string().nullish() })).nullish(),
  /** Of lines, shipping and fees together: their own totals are without it. */
  total_tax: decimalSchema.nullish(),
  /** The amount is told below zero. */
  refunds: z.array(z.object({ id: idSchema, total: decimalSchema })).nullish(),
});

/**
 * A shop's order in canonical form.
 * @throws Failure `invalid` naming the field that is missing or not as documented, never its value.
 */
export function toCanonicalOrder(payload: Record<string, unknown>, { connectionId, statusOf = (word) => woocommerceStatuses[word] }: OrderReading): Order {
  const parsed = orderBodySchema.safeParse(payload);
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.path.join('.') ?? 'body');
  const body = parsed.data;
  const status = statusOf(body.status);
  if (status === undefined) throw invalid('status');
  const amount = (decimal: string | number, field: string) => {
    const money = readAmount(decimal, body.currency);
    if (!money) throw invalid(field);
    return money;
  };
  const total = amount(body.total, 'total');
  if (total.amountMinor < 0) throw invalid('total');
  const refunds = (body.refunds ?? []).map((refund, index) => {
    const { amountMinor, currency } = amount(refund.total, `refunds.${index}.total`);
    return { externalId: refund.id, amount: { amountMinor: Math.abs(amountMinor), currency } };
  });
  const charges = [
    ...(body.shipping_lines ?? []).map(({ id, method_title: name, total }, index) => ({
      externalId: id, kind: 'shipping', name: name ?? '', total: amount(total, `shipping_lines.${index}.total`),
    })),
    ...(body.fee_lines ?? []).map(({ id, name, total }, index) => ({ externalId: id, kind: 'fee', name: name ?? '', total: amount(total, `fee_lines.${index}.total`) })),
    { externalId: 'tax', kind: 'tax', name: '', total: amount(body.total_tax ?? 0, 'total_tax') },
  ].filter(({ total }) => total.amountMinor !== 0);
  return orderSchema.parse({
    source: { vendor: 'woocommerce', connectionId, externalId: body.id },
    number: body.number ?? body.id,
    status,
    total,
    placedAt: body.date_created_gmt,
    modifiedAt: body.date_modified_gmt ?? body.date_created_gmt,
    customer: toCanonicalCustomer(body.billing),
    lines: body.line_items.map(({ id, name, sku, quantity, total }, index) => ({
      externalId: id, name: name ?? '', ...(sku && { sku }), quantity, total: amount(total, `line_items.${index}.total`),
    })),
    ...(charges.length > 0 && { charges }),
    ...(refunds.length > 0 && { refunds }),
  });
}

function invalid(field: string): Failure {
  return new Failure('invalid', `The WooCommerce order's field ${field} is missing or not as documented.`, { field });
}
