import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../request-bodies.ts';
import type { WriteJournal } from '../write-journal.ts';
import { sendPage } from './orders/order-list.ts';
import type { ShopEvents } from './shop-events.ts';
import type { ShopItemPath, ShopOf, ShopPath } from './shop-session.ts';
import type { Shop, ShopWebhook } from './shops.ts';
import { siteTimes } from './site-time.ts';
import { invalidParameter, refusal, unknownWebhook } from './woocommerce-refusals.ts';

const topicPattern = /^((order|customer|product|coupon)\.(created|updated|deleted|restored)|action\.(woocommerce|wc)_\w+)$/;

const webhookSchema = z.object({
  name: z.string().optional(),
  topic: z.string().optional(),
  delivery_url: z.string().optional(),
  secret: z.string().optional(),
  status: z.enum(['active', 'paused', 'disabled']).optional(),
});
const listSchema = z.object({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(10),
});

/** A shop's webhooks. The secret is taken but never shown again. */
export function registerShopWebhookRoutes(app: FastifyInstance, shopOf: ShopOf, journal: WriteJournal, events: ShopEvents): void {
  app.get<ShopPath>('/webhooks', async (request, reply) => {
    const shop = shopOf(request);
    const query = read(listSchema, request.query, invalidParameter);
    const all = [...shop.webhooks.values()].reverse();
    return sendPage(request, reply, all, query).map((webhook) => webhookAnswer(shop, webhook));
  });

  app.get<ShopItemPath>('/webhooks/:id', async (request) => {
    const shop = shopOf(request);
    return webhookAnswer(shop, webhookOf(shop, request.params.id, 400));
  });

  app.post<ShopPath>('/webhooks', async (request, reply) => {
    const shop = shopOf(request);
    const wanted = read(webhookSchema, request.body ?? {}, invalidParameter);
    const now = Date.now();
    const webhook: ShopWebhook = {
      id: shop.nextId(),
      name: wanted.name ?? `Webhook created on ${new Date(now).toISOString()}`,
      // Made active whatever was asked for.
      status: 'active',
      topic: checkedTopic(wanted.topic ?? ''),
      deliveryUrl: checkedUrl(wanted.delivery_url ?? ''),
      secret: wanted.secret ?? randomBytes(25).toString('base64'),
      failureCount: 0,
      pendingDelivery: true,
      createdAtMs: now,
      modifiedAtMs: now,
    };
    shop.webhooks.set(webhook.id, webhook);
    journal.count(shop.options.shop, 'webhooks', String(webhook.id), 'created');
    await events.ping(shop, webhook);
    return await reply.code(201).send(webhookAnswer(shop, webhook));
  });

  app.put<ShopItemPath>('/webhooks/:id', async (request) => {
    const shop = shopOf(request);
    const webhook = webhookOf(shop, request.params.id, 400);
    const wanted = read(webhookSchema, request.body ?? {}, invalidParameter);
    if (wanted.topic !== undefined) webhook.topic = checkedTopic(wanted.topic);
    const hasMoved = wanted.delivery_url !== undefined && wanted.delivery_url !== webhook.deliveryUrl;
    if (wanted.delivery_url !== undefined) webhook.deliveryUrl = checkedUrl(wanted.delivery_url);
    webhook.name = wanted.name ?? webhook.name;
    webhook.secret = wanted.secret ?? webhook.secret;
    webhook.status = wanted.status ?? webhook.status;
    webhook.modifiedAtMs = Date.now();
    journal.count(shop.options.shop, 'webhooks', String(webhook.id), 'updated');
    // The count of failures stays: one that was switched off and is active again goes off with its next failure.
    if (webhook.status === 'active' && (hasMoved || webhook.pendingDelivery)) await events.ping(shop, webhook);
    return webhookAnswer(shop, webhook);
  });

  app.delete<ShopItemPath>('/webhooks/:id', async (request) => {
    const shop = shopOf(request);
    const { force } = read(z.object({ force: z.stringbool().default(false) }), request.query, invalidParameter);
    if (!force) throw refusal(501, 'woocommerce_rest_trash_not_supported', 'Webhooks do not support trashing.');
    const webhook = webhookOf(shop, request.params.id, 404);
    shop.webhooks.delete(webhook.id);
    journal.count(shop.options.shop, 'webhooks', String(webhook.id), 'deleted');
    return webhookAnswer(shop, webhook);
  });
}

function webhookOf(shop: Shop, id: string, statusWhereUnknown: 400 | 404): ShopWebhook {
  const webhook = shop.webhooks.get(Number(id));
  if (webhook === undefined) throw unknownWebhook(statusWhereUnknown);
  return webhook;
}

function checkedTopic(topic: string): string {
  if (topicPattern.test(topic.toLowerCase())) return topic.toLowerCase();
  throw refusal(400, 'woocommerce_rest_shop_webhook_invalid_topic', 'Webhook topic is required and must be valid.');
}

function checkedUrl(url: string): string {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw refusal(
    400,
    'woocommerce_rest_shop_webhook_invalid_delivery_url',
    'Webhook delivery URL must be a valid URL starting with http:// or https://.',
  );
}

function webhookAnswer(shop: Shop, webhook: ShopWebhook): unknown {
  const [resource = '', event = ''] = webhook.topic.split('.');
  const created = siteTimes(webhook.createdAtMs, shop.options.utcOffsetMinutes);
  const modified = siteTimes(webhook.modifiedAtMs, shop.options.utcOffsetMinutes);
  const base = `${shop.options.siteUrl}wp-json/wc/v3/webhooks`;
  return {
    id: webhook.id,
    name: webhook.name,
    status: webhook.status,
    topic: webhook.topic,
    resource,
    event,
    hooks: [],
    delivery_url: webhook.deliveryUrl,
    date_created: created.local,
    date_created_gmt: created.gmt,
    date_modified: modified.local,
    date_modified_gmt: modified.gmt,
    _links: { self: [{ href: `${base}/${String(webhook.id)}` }], collection: [{ href: base }] },
  };
}
