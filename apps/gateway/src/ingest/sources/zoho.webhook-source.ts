import { randomUUID } from 'node:crypto';
import { crmRecordTouched, deterministicId } from '@crossdock/contracts';
import type { Connection } from '@crossdock/connections';
import type { EventPublisher } from '@crossdock/event-bus';
import { parseZohoWebhook, verifyZohoWebhook, zohoCredentials, type ZohoTouch } from '@crossdock/vendor-zoho';
import { dedupeKeyOf } from '../dedupe-key.ts';
import type { IngestConnections } from '../ingest-connections.ts';
import { readVerifiedBody } from '../verified-body.ts';
import type { IncomingWebhook, KeptWebhook, WebhookDelivery, WebhookReading, WebhookSource } from '../webhook-source.ts';

const { webhookSecret } = zohoCredentials;

/** Whose changes some service follows; what happens to others is fetched by nobody. */
const followed: ReadonlySet<ZohoTouch['object']> = new Set(['deal']);

/** Zoho sends to an address that names the connection, with the token of the connection's channel in the body. */
export class ZohoWebhookSource implements WebhookSource {
  readonly vendor = 'zoho';
  readonly #connections: IngestConnections;
  readonly #publisher: EventPublisher;

  constructor({ connections, publisher }: { readonly connections: IngestConnections; readonly publisher: EventPublisher }) {
    this.#connections = connections;
    this.#publisher = publisher;
  }

  async read(webhook: IncomingWebhook): Promise<WebhookReading> {
    const found = await this.#connections.verify(
      { vendor: this.vendor, connectionId: webhook.connectionId, fields: [webhookSecret] },
      ({ secrets }) => verifyZohoWebhook({ rawBody: webhook.rawBody, tokens: [secrets.get(webhookSecret)].filter((token) => token !== undefined) }),
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
    const body = readVerifiedBody(webhook.rawBody, () => parseZohoWebhook(webhook.rawBody), connection.tenantId);
    if (!body.ok) return body.reading;
    const touches = body.content.filter(({ object }) => followed.has(object));
    return { outcome: 'verified', deliveries: touches.map((touch) => this.#toDelivery(connection, touch)) };
  }

  #toDelivery({ id: connectionId, tenantId }: Connection, touch: ZohoTouch): WebhookDelivery {
    const dedupeKey = dedupeKeyOf({ vendor: this.vendor, tenantId, connectionId, kind: touch.object }, touch.dedupeId);
    const { object, externalId, change, occurredAt } = touch;
    const envelope = this.#publisher.envelope({ tenantId, correlationId: randomUUID() }, crmRecordTouched, {
      id: deterministicId('webhook', dedupeKey.toString('hex')),
      subject: `zoho/${object}/${externalId}`,
      data: { vendor: 'zoho', connectionId, object, externalId, change, occurredAt },
    });
    // The body holds the channel's token: what is kept is the touch alone.
    return { vendor: this.vendor, connectionId, dedupeKey, envelope, body: Buffer.from(JSON.stringify(touch)) };
  }
}
