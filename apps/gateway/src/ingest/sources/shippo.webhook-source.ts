import { randomUUID } from 'node:crypto';
import { deterministicId, trackingReceived } from '@crossdock/contracts';
import type { Connection, ConnectionStore, CredentialVault } from '@crossdock/connections';
import type { EventPublisher } from '@crossdock/event-bus';
import type { WebhookVerdict } from '@crossdock/signed-webhook';
import type { TenantDatabase } from '@crossdock/tenancy';
import { parseShippoWebhook, shippoCredentials, verifyShippoWebhook, type ShippoTrackingReport } from '@crossdock/vendor-shippo';
import { dedupeKeyOf } from '../dedupe-key.ts';
import { findNamedConnection } from '../named-connection.ts';
import { readVerifiedBody } from '../verified-body.ts';
import type { IncomingWebhook, KeptWebhook, WebhookDelivery, WebhookReading, WebhookSource } from '../webhook-source.ts';

/** Shippo sends to an address that names the connection and holds its token, and signs where the account has signing. */
export class ShippoWebhookSource implements WebhookSource {
  readonly vendor = 'shippo';
  readonly #connections: ConnectionStore;
  readonly #vault: CredentialVault;
  readonly #publisher: EventPublisher;
  readonly #database: TenantDatabase;

  constructor(options: {
    readonly connections: ConnectionStore;
    readonly vault: CredentialVault;
    readonly publisher: EventPublisher;
    readonly database: TenantDatabase;
  }) {
    this.#connections = options.connections;
    this.#vault = options.vault;
    this.#publisher = options.publisher;
    this.#database = options.database;
  }

  async read(webhook: IncomingWebhook): Promise<WebhookReading> {
    const connection = await findNamedConnection(this.#connections, this.vendor, webhook.connectionId);
    if (!connection) return { outcome: 'unknown_tenant' };
    const verdict = await this.#verify(connection, webhook);
    if (!verdict.valid) return { outcome: 'bad_signature', reason: verdict.reason, connectionId: connection.id };
    return this.#parse(connection, webhook);
  }

  async reread(webhook: KeptWebhook): Promise<WebhookReading> {
    const connection = await findNamedConnection(this.#connections, this.vendor, webhook.connectionId);
    return connection ? this.#parse(connection, webhook) : { outcome: 'unknown_tenant' };
  }

  #parse(connection: Connection, webhook: KeptWebhook): WebhookReading {
    const body = readVerifiedBody(webhook.rawBody, () => parseShippoWebhook(webhook.rawBody), connection.tenantId);
    if (!body.ok) return body.reading;
    return { outcome: 'verified', deliveries: body.content ? [this.#toDelivery(connection, body.content, webhook)] : [] };
  }

  async #verify(connection: Connection, webhook: IncomingWebhook): Promise<WebhookVerdict> {
    const [token, hmacSecret] = await this.#database.transaction(connection.tenantId, async (manager) => [
      await this.#vault.find(manager, connection, shippoCredentials.webhookToken),
      await this.#vault.find(manager, connection, shippoCredentials.webhookSecret),
    ]);
    const given = webhook.query['token'];
    return verifyShippoWebhook({
      headers: webhook.headers,
      token: typeof given === 'string' ? given : undefined,
      rawBody: webhook.rawBody,
      nowMs: webhook.receivedAt.getTime(),
      tokens: token ? [token.secret] : [],
      hmacSecrets: hmacSecret ? [hmacSecret.secret] : [],
    });
  }

  #toDelivery({ id: connectionId, tenantId }: Connection, report: ShippoTrackingReport, webhook: KeptWebhook): WebhookDelivery {
    const { tracking, test } = report;
    const dedupeKey = dedupeKeyOf({ vendor: this.vendor, tenantId, connectionId, kind: 'tracking' }, report.dedupeId);
    const envelope = this.#publisher.envelope({ tenantId, correlationId: randomUUID() }, trackingReceived, {
      id: deterministicId('webhook', dedupeKey.toString('hex')),
      subject: `shippo/${tracking.carrier}/${tracking.trackingNumber}`,
      data: { connectionId, tracking, test },
    });
    return { vendor: this.vendor, connectionId, dedupeKey, envelope, body: webhook.rawBody };
  }
}
