import { randomUUID } from 'node:crypto';
import { crmRecordTouched, deterministicId, Failure } from '@crossdock/contracts';
import type { Connection } from '@crossdock/connections';
import type { EventPublisher } from '@crossdock/event-bus';
import { parsePipedriveWebhook, pipedriveCredentials, verifyPipedriveWebhook, type PipedriveTouch } from '@crossdock/vendor-pipedrive';
import { dedupeKeyOf } from '../dedupe-key.ts';
import type { IngestConnections } from '../ingest-connections.ts';
import { readVerifiedBody } from '../verified-body.ts';
import type { IncomingWebhook, KeptWebhook, WebhookDelivery, WebhookReading, WebhookSource } from '../webhook-source.ts';

const { webhookSecret } = pipedriveCredentials;

/** Pipedrive sends to an address that names the connection, with a password of that connection's own. */
export class PipedriveWebhookSource implements WebhookSource {
  readonly vendor = 'pipedrive';
  readonly #connections: IngestConnections;
  readonly #publisher: EventPublisher;

  constructor({ connections, publisher }: { readonly connections: IngestConnections; readonly publisher: EventPublisher }) {
    this.#connections = connections;
    this.#publisher = publisher;
  }

  async read(webhook: IncomingWebhook): Promise<WebhookReading> {
    const found = await this.#connections.verify(
      { vendor: this.vendor, connectionId: webhook.connectionId, fields: [webhookSecret] },
      ({ secrets }) => verifyPipedriveWebhook({ headers: webhook.headers, passwords: requirePassword(secrets) }),
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
    const body = readVerifiedBody(webhook.rawBody, () => parsePipedriveWebhook(webhook.rawBody), connection.tenantId);
    if (!body.ok) return body.reading;
    // What happens to persons and organisations is fetched by nobody.
    const followed = body.content.filter(({ object }) => object === 'deal');
    return { outcome: 'verified', deliveries: followed.map((touch) => this.#toDelivery(connection, touch)) };
  }

  /** Only what was touched is kept: the body holds the record whole, and the hub reads it anew. */
  #toDelivery({ id: connectionId, tenantId }: Connection, touch: PipedriveTouch): WebhookDelivery {
    const dedupeKey = dedupeKeyOf({ vendor: this.vendor, tenantId, connectionId, kind: touch.object }, touch.dedupeId);
    const { object, externalId, change, occurredAt } = touch;
    const envelope = this.#publisher.envelope({ tenantId, correlationId: randomUUID() }, crmRecordTouched, {
      id: deterministicId('webhook', dedupeKey.toString('hex')),
      subject: `pipedrive/${object}/${externalId}`,
      data: { vendor: this.vendor, connectionId, object, externalId, change, occurredAt },
    });
    return { vendor: this.vendor, connectionId, dedupeKey, envelope, body: Buffer.from(JSON.stringify(touch)) };
  }
}

/** @throws Failure `unauthorised` where the company was connected without the password of its webhooks. */
function requirePassword(secrets: ReadonlyMap<string, string>): string[] {
  const password = secrets.get(webhookSecret);
  if (password === undefined) throw new Failure('unauthorised', `The connection has no stored ${webhookSecret}; connect it again.`);
  return [password];
}
