import { Failure, orderSchema, type Order, type OrderStatus } from '@crossdock/contracts';
import { z } from 'zod';
import { readAmount } from './woocommerce.amount.ts';
import { billingSchema, toCanonicalCustomer } from './woocommerce.contact.ts';

/**
 * Statuses of WooCommerce (`OrderStatus.php`) in canonical words. Drafts are orders that nobody has placed yet.
 * `shipped` is not WooCommerce's own, but what fulfilment plugins register by convention.
 */
export const woocommerceStatuses: Readonly<Record<string, OrderStatus>> = {
  'pending': 'pending', 'checkout-draft': 'pending', 'auto-draft': 'pending', 'draft': 'pending', 'new': 'pending',
  'on-hold': 'on_hold', 'processing': 'processing', 'ready-for-pickup': 'processing', 'shipped': 'shipped',
  'completed': 'completed', 'cancelled': 'cancelled', 'trash': 'cancelled', 'refunded': 'refunded', 'failed': 'failed',
};

const idSchema = z.union([z.int().positive(), z.string().regex(/^[1-9][0-9]*$/)]).transform(String);
/** Without offset, because the field's name says GMT. */
const gmtSchema = z.iso.datetime({ local: true }).transform((time) => new Date(`${time.replace(/Z$/, '')}Z`).toISOString());
const decimalSchema = z.union([z.string(), z.number()]);

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
});

/** What a tenant may say of reading its shop's orders. */
interface OrderReading {
  readonly connectionId: string;
  /** What a status of the shop stands for; WooCommerce's own words where it is left out. */
  readonly statusOf?: (word: string) => OrderStatus | undefined;
}

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
  return orderSchema.parse({
    source: { vendor: 'woocommerce', connectionId, externalId: body.id },
    number: body.number ?? body.id,
    status,
    total: amount(body.total, 'total'),
    placedAt: body.date_created_gmt,
    modifiedAt: body.date_modified_gmt ?? body.date_created_gmt,
    customer: toCanonicalCustomer(body.billing),
    lines: body.line_items.map(({ id, name, sku, quantity, total }, index) => ({
      externalId: id, name: name ?? '', ...(sku && { sku }), quantity, total: amount(total, `line_items.${index}.total`),
    })),
  });
}

function invalid(field: string): Failure {
  return new Failure('invalid', `The WooCommerce order's field ${field} is missing or not as documented.`, { field });
}
