import { randomUUID } from 'node:crypto';
import { deterministicId, orderReceived } from '@crossdock/contracts';
import type { Connection, ConnectionStore, CredentialVault } from '@crossdock/connections';
import type { EventPublisher } from '@crossdock/event-bus';
import {
  isWooCommercePing, parseWooCommerceWebhook, verifyWooCommerceWebhook, woocommerceCredentials, type WooCommerceOrderChange,
} from '@crossdock/vendor-woocommerce';
import { dedupeKeyOf } from '../dedupe-key.ts';
import { findNamedConnection } from '../named-connection.ts';
import { readVerifiedBody } from '../verified-body.ts';
import type { IncomingWebhook, KeptWebhook, WebhookDelivery, WebhookReading, WebhookSource } from '../webhook-source.ts';

/** A shop sends to an address that names its connection, signed with the connection's own secret. */
export class WooCommerceWebhookSource implements WebhookSource {
  readonly vendor = 'woocommerce';
  readonly #connections: ConnectionStore;
  readonly #vault: CredentialVault;
  readonly #publisher: EventPublisher;

  constructor(options: {
    readonly connections: ConnectionStore;
    readonly vault: CredentialVault;
    readonly publisher: EventPublisher;
  }) {
    this.#connections = options.connections;
    this.#vault = options.vault;
    this.#publisher = options.publisher;
  }

  async read(webhook: IncomingWebhook): Promise<WebhookReading> {
    const connection = await findNamedConnection(this.#connections, this.vendor, webhook.connectionId);
    if (!connection) return { outcome: 'unknown_tenant' };
    if (isWooCommercePing(webhook)) return { outcome: 'ping' };
    const secret = await this.#vault.read(connection.tenantId, connection.id, woocommerceCredentials.webhookSecret);
    const verdict = verifyWooCommerceWebhook({ headers: webhook.headers, rawBody: webhook.rawBody, secrets: [secret] });
    if (!verdict.valid) return { outcome: 'bad_signature', reason: verdict.reason, connectionId: connection.id };
    return this.#parse(connection, webhook);
  }

  async reread(webhook: KeptWebhook): Promise<WebhookReading> {
    const connection = await findNamedConnection(this.#connections, this.vendor, webhook.connectionId);
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
