import { randomUUID } from 'node:crypto';
import { deterministicId, trackingReceived } from '@crossdock/contracts';
import type { Connection } from '@crossdock/connections';
import type { EventPublisher } from '@crossdock/event-bus';
import type { WebhookVerdict } from '@crossdock/signed-webhook';
import { parseShippoWebhook, shippoCredentials, verifyShippoWebhook, type ShippoTrackingReport } from '@crossdock/vendor-shippo';
import { verifyingSecrets } from '../../connections/previous-secret.ts';
import { dedupeKeyOf } from '../dedupe-key.ts';
import type { IngestConnections } from '../ingest-connections.ts';
import { readVerifiedBody } from '../verified-body.ts';
import type { IncomingWebhook, KeptWebhook, WebhookDelivery, WebhookReading, WebhookSource } from '../webhook-source.ts';

const { webhookToken, webhookSecret } = shippoCredentials;

/** Shippo sends to an address that names the connection and holds its token, and signs where the account has signing. */
export class ShippoWebhookSource implements WebhookSource {
  readonly vendor = 'shippo';
  readonly #connections: IngestConnections;
  readonly #publisher: EventPublisher;

  constructor({ connections, publisher }: { readonly connections: IngestConnections; readonly publisher: EventPublisher }) {
    this.#connections = connections;
    this.#publisher = publisher;
  }

  async read(webhook: IncomingWebhook): Promise<WebhookReading> {
    const found = await this.#connections.verify(
      { vendor: this.vendor, connectionId: webhook.connectionId, fields: [webhookToken, webhookSecret] },
      ({ secrets }) => verify(secrets, webhook),
    );
    if (!found) return { outcome: 'unknown_tenant' };
    const { connection, verdict } = found;
    if (!verdict.valid) return { outcome: 'bad_signature', reason: verdict.reason, connectionId: connection.id };
    return this.#parse(connection, webhook);
  }

  async reread(webhook: KeptWebhook): Promise<WebhookReading> {
    const connection = await this.#connections.find(this.vendor, webhook.connectionId);
    return connection ? this.#parse(connection, webhook) : { outcome: 'unknown_tenant' };
  }

  #parse(connection: Connection, webhook: KeptWebhook): WebhookReading {
    const body = readVerifiedBody(webhook.rawBody, () => parseShippoWebhook(webhook.rawBody), connection.tenantId);
    if (!body.ok) return body.reading;
    return { outcome: 'verified', deliveries: body.content ? [this.#toDelivery(connection, body.content, webhook)] : [] };
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

function verify(secrets: ReadonlyMap<string, string>, { headers, query, rawBody, receivedAt }: IncomingWebhook): WebhookVerdict {
  const given = query['token'];
  return verifyShippoWebhook({
    headers,
    token: typeof given === 'string' ? given : undefined,
    rawBody,
    nowMs: receivedAt.getTime(),
    tokens: verifyingSecrets(secrets, webhookToken),
    hmacSecrets: verifyingSecrets(secrets, webhookSecret),
  });
}
