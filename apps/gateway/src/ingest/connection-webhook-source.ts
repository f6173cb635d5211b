import type { Connection } from '@crossdock/connections';
import type { Vendor } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import type { WebhookVerdict } from '@crossdock/signed-webhook';
import type { IngestConnections } from './ingest-connections.ts';
import { readVerifiedBody } from './verified-body.ts';
import type { IncomingWebhook, KeptWebhook, WebhookDelivery, WebhookReading, WebhookSource } from './webhook-source.ts';

/** What is a vendor's own where its webhooks go to an address that names the connection. */
export interface ConnectionWebhooks<Content> {
  readonly vendor: Vendor;
  /** The connection's secrets by which a webhook is verified. */
  readonly secretFields: readonly string[];
  /** Where the vendor tries an address without signing. */
  readonly isPing?: (webhook: IncomingWebhook) => boolean;
  /** @throws Failure `unauthorised` where a secret is not stored that every connection of this vendor has. */
  verify(webhook: IncomingWebhook, secrets: ReadonlyMap<string, string>): WebhookVerdict;
  /** Where the body holds what proves it: the body as it may be kept. */
  readonly withoutSecret?: (rawBody: Buffer) => Buffer;
  /** @throws Failure where the body does not fit what the vendor documents. */
  parse(webhook: KeptWebhook): Content;
  deliveries(content: Content, told: { readonly connection: Connection; readonly webhook: KeptWebhook; readonly publisher: EventPublisher }): WebhookDelivery[];
}

/** The way of a webhook that goes to an address of its connection and is verified by that connection's own secrets. */
export class ConnectionWebhookSource<Content> implements WebhookSource {
  readonly #webhooks: ConnectionWebhooks<Content>;
  readonly #connections: IngestConnections;
  readonly #publisher: EventPublisher;

  constructor(
    webhooks: ConnectionWebhooks<Content>,
    { connections, publisher }: { readonly connections: IngestConnections; readonly publisher: EventPublisher },
  ) {
    this.#webhooks = webhooks;
    this.#connections = connections;
    this.#publisher = publisher;
  }

  get vendor(): Vendor {
    return this.#webhooks.vendor;
  }

  async read(webhook: IncomingWebhook): Promise<WebhookReading> {
    const { vendor, secretFields } = this.#webhooks;
    const isPing = this.#webhooks.isPing?.(webhook) === true;
    const found = await this.#connections.verify(
      { vendor, connectionId: webhook.connectionId, fields: secretFields },
      ({ secrets }) => isPing ? { valid: true } : this.#webhooks.verify(webhook, secrets),
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

  withoutSecret(rawBody: Buffer): Buffer {
    return this.#webhooks.withoutSecret?.(rawBody) ?? rawBody;
  }

  #parse(connection: Connection, webhook: KeptWebhook): WebhookReading {
    const body = readVerifiedBody(webhook.rawBody, () => this.#webhooks.parse(webhook), connection.tenantId);
    if (!body.ok) return body.reading;
    const deliveries = this.#webhooks.deliveries(body.content, { connection, webhook, publisher: this.#publisher });
    return { outcome: 'verified', deliveries };
  }
}
