import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { signShippo } from '../webhooks/webhook-signatures.ts';
import type { ShippoAccount, Track, Transaction } from './shippo-accounts.ts';

export const shippoEventNames = [
  'transaction_created',
  'transaction_updated',
  'track_updated',
  'batch_created',
  'batch_purchased',
  'all',
] as const;

/**
 * Shippo waits 3 s and tries twice more, only after 408, 429 and 5xx.
 * It publishes neither the waits between (chosen here) nor what it does when nobody answers (taken as a 5xx).
 */
const timeoutMs = 3_000;
const retryDelaysMs = [10_000, 60_000];
const retried = (status: number | null): boolean => status === null || status === 408 || status === 429 || status >= 500;

export class ShippoEvents {
  private readonly deliveries: WebhookDeliveries;

  constructor(deliveries: WebhookDeliveries) {
    this.deliveries = deliveries;
  }

  trackUpdated(account: ShippoAccount, track: Track): void {
    this.tell(account, 'track_updated', track);
  }

  transactionChanged(account: ShippoAccount, event: 'transaction_created' | 'transaction_updated', transaction: Transaction): void {
    this.tell(account, event, transaction);
  }

  /** To every webhook of the account that wants the event, at the very address that was registered. */
  private tell(account: ShippoAccount, event: (typeof shippoEventNames)[number], data: Track | Transaction): void {
    const body = Buffer.from(JSON.stringify({ event, test: account.test, data }));
    for (const webhook of account.webhooks.values()) {
      const wanted = webhook.event === event || webhook.event === 'all';
      if (!wanted || !webhook.active || webhook.is_test !== account.test) continue;
      this.deliveries.send({
        vendor: 'shippo',
        account: account.account,
        topic: event,
        url: webhook.url,
        timeoutMs,
        retryDelaysMs,
        compose: (_attempt, nowMs) => ({ headers: headersFor(account, body, nowMs), body }),
        isDelivered: (status) => status !== null && status >= 200 && status < 300,
        mayRetry: retried,
      });
    }
  }
}

const headersFor = (account: ShippoAccount, body: Buffer, nowMs: number): Record<string, string> => ({
  'Content-Type': 'application/json',
  'User-Agent': 'Shippo webhooks',
  ...(account.hmacSecret === null
    ? {}
    : { 'Shippo-Auth-Signature': signShippo(account.hmacSecret, body, Math.floor(nowMs / 1000)) }),
});
