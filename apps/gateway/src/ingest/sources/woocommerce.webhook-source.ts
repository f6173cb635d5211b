import { randomUUID } from 'node:crypto';
import { deterministicId, Failure, orderReceived } from '@crossdock/contracts';
import type { Connection } from '@crossdock/connections';
import type { EventPublisher } from '@crossdock/event-bus';
import {
  isWooCommercePing, parseWooCommerceWebhook, verifyWooCommerceWebhook, woocommerceCredentials, type WooCommerceOrderChange,
} from '@crossdock/vendor-woocommerce';
import { verifyingSecrets } from '../../connections/previous-secret.ts';
import { dedupeKeyOf } from '../dedupe-key.ts';
import type { IngestConnections } from '../ingest-connections.ts';
import { readVerifiedBody } from '../verified-body.ts';
import type { IncomingWebhook, KeptWebhook, WebhookDelivery, WebhookReading, WebhookSource } from '../webhook-source.ts';

const { webhookSecret } = woocommerceCredentials;

/** A shop sends to an address that names its connection, signed with the connection's own secret. */
export class WooCommerceWebhookSource implements WebhookSource {
  readonly vendor = 'woocommerce';
  readonly #connections: IngestConnections;
  readonly #publisher: EventPublisher;

  constructor({ connections, publisher }: { readonly connections: IngestConnections; readonly publisher: EventPublisher }) {
    this.#connections = connections;
    this.#publisher = publisher;
  }

  async read(webhook: IncomingWebhook): Promise<WebhookReading> {
    const isPing = isWooCommercePing(webhook);
    const found = await this.#connections.verify(
      { vendor: this.vendor, connectionId: webhook.connectionId, fields: [webhookSecret] },
      ({ secrets }) => isPing ? { valid: true } : verifyWooCommerceWebhook({ ...webhook, secrets: requireSecret(secrets) }),
    );
    if (!found) return { outcome: 'unknown_tenant' };
    if (isPing) return { outcome: 'ping' };
    const { connection, verdict } = found;
    if (!verdict.valid) return { outcome: 'bad_signature', reason: verdict.reason, connectionId: connection.id };
    return this.#parse(connection, webhook);
  }

  async reread(webhook: KeptWebhook): Promise<WebhookReading> {
    const connection = await this.#connections.find(this.vendor, webhook.connectionId);
    return connection ? this.#parse(connection, webhook) : { outcome: 'unknown_tenant' };
  }

  #parse(connection: Connection, webhook: KeptWebhook): WebhookReading {
    const body = readVerifiedBody(webhook.rawBody, () => parseWooCommerceWebhook(webhook.headers, webhook.rawBody), connection.tenantId);
    if (!body.ok) return body.reading;
    return { outcome: 'verified', deliveries: body.content ? [this.#toDelivery(connection, body.content, webhook)] : [] };
  }

  #toDelivery({ id: connectionId, tenantId }: Connection, order: WooCommerceOrderChange, webhook: KeptWebhook): WebhookDelivery {
    const dedupeKey = dedupeKeyOf({ vendor: this.vendor, tenantId, connectionId, kind: 'order' }, order.dedupeId);
    const envelope = this.#publisher.envelope({ tenantId, correlationId: randomUUID() }, orderReceived, {
      id: deterministicId('webhook', dedupeKey.toString('hex')),
      subject: `woocommerce/${connectionId}/order/${order.externalId}`,
      data: {
        vendor: this.vendor, connectionId, change: order.change, externalId: order.externalId,
        receivedAt: webhook.receivedAt.toISOString(), payload: order.payload,
      },
    });
    return { vendor: this.vendor, connectionId, dedupeKey, envelope, body: webhook.rawBody };
  }
}

/** @throws Failure `unauthorised` where the shop was connected without the secret that its webhooks are signed with. */
function requireSecret(secrets: ReadonlyMap<string, string>): string[] {
  const verifying = verifyingSecrets(secrets, webhookSecret);
  if (verifying.length === 0) throw new Failure('unauthorised', `The connection has no stored ${webhookSecret}; connect it again.`);
  return verifying;
}
