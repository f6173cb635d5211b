import type { Connection } from '@crossdock/connections';
import type { WebhookTarget, WebhookUpkeep } from '@crossdock/order-source';
import { z } from 'zod';
import { guard, unexpected, type ShopInterface } from './woocommerce.interface.ts';
import { woocommerceLimits } from './woocommerce.limits.ts';

const topics = ['order.created', 'order.updated', 'order.deleted', 'order.restored'] as const;

const webhookSchema = z.object({
  id: z.int().positive(), status: z.enum(['active', 'paused', 'disabled']), topic: z.string(), delivery_url: z.string(),
});
type ShopWebhook = z.infer<typeof webhookSchema>;

/** Webhooks are few; a shop with more pages of them than this is not to be believed. */
const maxPages = 50;

/**
 * Makes the webhooks of a connection what they should be: one of each topic, active, at the gateway's address. A webhook is the
 * hub's where its address ends with the path of this connection.
 *
 * WooCommerce keeps the count of failures of one that was switched off: it goes off again with the next failure, so this is done
 * regularly (`failed_delivery()` in class-wc-webhook.php). Making or moving one sends an unsigned ping, which it waits for.
 */
export async function lookAfterWebhooks(
  shop: ShopInterface, connection: Connection, target: WebhookTarget, signal: AbortSignal,
): Promise<WebhookUpkeep> {
  const upkeep = { made: [] as string[], resumed: [] as Array<WebhookUpkeep['resumed'][number]>, moved: [] as string[], removed: [] as string[] };
  const own = (await listWebhooks(shop, connection, signal)).filter((webhook) => isOf(target, webhook));
  for (const topic of topics) {
    const [kept, ...doubles] = own.filter((webhook) => webhook.topic === topic).toSorted(byUse);
    if (!kept) {
      const body = { name: `Crossdock: ${topic}`, topic, delivery_url: target.url, secret: target.secret };
      await shop.answer(connection, { operation: 'webhooks.create', method: 'POST', path: 'webhooks', body, idempotent: false, signal });
      upkeep.made.push(topic);
    } else if (kept.status !== 'active' || kept.delivery_url !== target.url) {
      const body = { status: 'active', delivery_url: target.url, secret: target.secret };
      await shop.answer(connection, { operation: 'webhooks.update', method: 'PUT', path: `webhooks/${kept.id}`, body, signal });
      if (kept.status !== 'active') upkeep.resumed.push({ topic, was: kept.status });
      if (kept.delivery_url !== target.url) upkeep.moved.push(topic);
    }
    for (const double of doubles) {
      await shop.answer(connection, { operation: 'webhooks.delete', method: 'DELETE', path: `webhooks/${double.id}?force=true`, signal });
      upkeep.removed.push(topic);
    }
  }
  return upkeep;
}

async function listWebhooks(shop: ShopInterface, connection: Connection, signal: AbortSignal): Promise<ShopWebhook[]> {
  const operation = 'webhooks.list';
  const webhooks: ShopWebhook[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const query = new URLSearchParams({ page: String(page), per_page: String(woocommerceLimits.maxPageSize), orderby: 'id', order: 'asc' });
    const answer = await shop.answer(connection, { operation, method: 'GET', path: `webhooks?${query.toString()}`, signal });
    const listed = guard(z.array(webhookSchema), answer, operation);
    webhooks.push(...listed);
    if (listed.length < woocommerceLimits.maxPageSize) return webhooks;
  }
  throw unexpected(operation);
}

function isOf(target: WebhookTarget, { delivery_url: address }: ShopWebhook): boolean {
  return URL.canParse(address) && new URL(address).pathname.endsWith(new URL(target.url).pathname);
}

/** The one that does its work already comes first, then the one that was made first. */
function byUse(one: ShopWebhook, other: ShopWebhook): number {
  return Number(other.status === 'active') - Number(one.status === 'active') || one.id - other.id;
}
