import { createHmac } from 'node:crypto';
import type { WebhookDeliveries, WebhookMessage } from '../webhooks/webhook-delivery.ts';
import { signWooCommerce } from '../webhooks/webhook-signatures.ts';
import { phpJson } from './php-json.ts';
import type { Order } from './orders/shop-order.ts';
import type { Shop, ShopWebhook } from './shops.ts';

export type OrderTopic = 'order.created' | 'order.updated' | 'order.deleted' | 'order.restored';

const userAgent = 'WooCommerce/10.3.0 Hookshot (WordPress/6.8)';
const timeoutMs = 60_000;
/** The failure after this many in a row turns the webhook off (WC_Webhook::failed_delivery). */
const failuresAllowed = 5;

/** A shop's webhooks: sent once, never again; 200 to 302 counts as received. */
export class ShopEvents {
  private readonly deliveries: WebhookDeliveries;

  constructor(deliveries: WebhookDeliveries) {
    this.deliveries = deliveries;
  }

  orderChanged(shop: Shop, topic: OrderTopic, order: Order, answer: unknown): void {
    const payload = topic === 'order.deleted' ? { id: order.id } : answer;
    for (const webhook of shop.webhooks.values()) {
      if (webhook.topic === topic && webhook.status === 'active') {
        this.deliveries.send(this.message(shop, webhook, topic, Buffer.from(phpJson(payload))));
      }
    }
  }

  /** The test call of a new webhook: a form, unsigned. WooCommerce waits for it and, in its REST interface, ignores the answer. */
  async ping(shop: Shop, webhook: ShopWebhook): Promise<void> {
    const body = Buffer.from(`webhook_id=${String(webhook.id)}`);
    const { status } = await this.deliveries.sendOnce({
      ...this.message(shop, webhook, 'ping', body),
      compose: () => ({
        headers: { 'User-Agent': userAgent, 'Content-Type': 'application/x-www-form-urlencoded' },
        body,
      }),
      isDelivered: (status) => status === 200,
      attempted: () => undefined,
    });
    if (status === 200) webhook.pendingDelivery = false;
  }

  private message(shop: Shop, webhook: ShopWebhook, topic: string, body: Buffer): WebhookMessage {
    const [resource = '', event = ''] = topic.split('.');
    return {
      vendor: 'woocommerce',
      account: shop.options.shop,
      topic,
      url: webhook.deliveryUrl,
      timeoutMs,
      retryDelaysMs: [],
      compose: (_attempt, nowMs) => ({
        headers: {
          'User-Agent': userAgent,
          'Content-Type': 'application/json',
          'X-WC-Webhook-Source': shop.options.siteUrl,
          'X-WC-Webhook-Topic': topic,
          'X-WC-Webhook-Resource': resource,
          'X-WC-Webhook-Event': event,
          'X-WC-Webhook-Signature': signWooCommerce(webhook.secret, body),
          'X-WC-Webhook-ID': String(webhook.id),
          'X-WC-Webhook-Delivery-ID': deliveryId(shop, webhook, nowMs),
        },
        body,
      }),
      isDelivered: (status) => status !== null && status >= 200 && status < 303,
      mayRetry: () => false,
      attempted: (delivered) => {
        if (delivered) webhook.failureCount = 0;
        else if (webhook.failureCount > failuresAllowed) webhook.status = 'disabled';
        else webhook.failureCount += 1;
      },
    };
  }
}

/** Made of webhook and second, as WordPress makes it: two deliveries within one second share it. */
const deliveryId = (shop: Shop, webhook: ShopWebhook, nowMs: number): string =>
  createHmac('md5', shop.salt).update(`${String(webhook.id)}${String(Math.floor(nowMs / 1000))}`).digest('hex');
