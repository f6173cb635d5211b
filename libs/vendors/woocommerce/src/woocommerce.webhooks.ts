import { hash } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import { parseWebhookJson, type WebhookHeaders } from '@crossdock/signed-webhook';
import { z } from 'zod';

/** What a verified webhook of a shop says. */
export interface WooCommerceOrderChange {
  readonly change: 'created' | 'updated' | 'deleted' | 'restored';
  /** The order's number inside the shop's database. */
  readonly externalId: string;
  /** Same for every delivery of the same content. */
  readonly dedupeId: string;
  /** The order as the shop tells it; only its `id` where it was deleted. */
  readonly payload: Record<string, unknown>;
}

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
export function parseWooCommerceWebhook(headers: WebhookHeaders, rawBody: Uint8Array): WooCommerceOrderChange | undefined {
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
