import { hash } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import type { OrderNotice, OrderWebhooks } from '@crossdock/order-source';
import { parseWebhookJson, type WebhookHeaders } from '@crossdock/signed-webhook';
import { z } from 'zod';
import { woocommerceCredentials } from './woocommerce.credentials.ts';
import { isWooCommercePing, verifyWooCommerceWebhook } from './woocommerce.webhook-signature.ts';

const headersSchema = z.object({
  'x-wc-webhook-topic': z.string().regex(/^[a-z_]+\.[a-z_]+$/).max(100),
  'x-wc-webhook-delivery-id': z.string().min(1).max(100),
});
const changeSchema = z.enum(['created', 'updated', 'deleted', 'restored']);
const bodySchema = z.record(z.string(), z.unknown());
const idSchema = z.union([z.int().positive(), z.string().regex(/^[1-9][0-9]*$/)]).transform(String);

/**
 * Reads a verified webhook.
 *
 * The shop's delivery id is made of the webhook's number and the second, so that two orders in one second may share
 * it: the order's number and the body's hash belong to the dedupe id.
 * @returns undefined for topics that the hub does not follow (customers, products, coupons, actions).
 * @throws Failure `invalid` where headers or body are not as documented; it is kept then, not dropped.
 */
export function parseWooCommerceWebhook(headers: WebhookHeaders, rawBody: Uint8Array): OrderNotice | undefined {
  const parsedHeaders = headersSchema.safeParse(headers);
  if (!parsedHeaders.success) throw new Failure('invalid', 'The WooCommerce webhook has no topic or delivery id header.');
  const [resource, event] = parsedHeaders.data['x-wc-webhook-topic'].split('.');
  const change = changeSchema.safeParse(event);
  if (resource !== 'order' || !change.success) return undefined;

  const payload = bodySchema.safeParse(parseWebhookJson(rawBody, 'WooCommerce')).data;
  const externalId = idSchema.safeParse(payload?.['id']).data;
  if (payload === undefined || externalId === undefined) throw new Failure('invalid', 'The WooCommerce webhook holds no order with an id.');
  return {
    change: change.data,
    externalId,
    dedupeId: `${parsedHeaders.data['x-wc-webhook-delivery-id']}/${externalId}/${hash('sha256', rawBody)}`,
    payload,
  };
}

/** A shop signs what it sends to the address of its connection with the connection's own secret. */
export const woocommerceWebhooks: OrderWebhooks = {
  secretField: woocommerceCredentials.webhookSecret,
  isPing: isWooCommercePing,
  verify: (webhook, secrets) => verifyWooCommerceWebhook({ ...webhook, secrets }),
  parse: ({ headers, rawBody }) => parseWooCommerceWebhook(headers, rawBody),
};
