import { randomUUID } from 'node:crypto';
import { crmRecordTouched, deterministicId, Failure } from '@crossdock/contracts';
import type { Connection } from '@crossdock/connections';
import type { EventPublisher } from '@crossdock/event-bus';
import { parseDynamicsWebhook, dynamicsCredentials, verifyDynamicsWebhook, type DynamicsTouch } from '@crossdock/vendor-dynamics';
import { dedupeKeyOf } from '../dedupe-key.ts';
import type { IngestConnections } from '../ingest-connections.ts';
import { readVerifiedBody } from '../verified-body.ts';
import type { IncomingWebhook, KeptWebhook, WebhookDelivery, WebhookReading, WebhookSource } from '../webhook-source.ts';

const { webhookSecret } = dynamicsCredentials;

/** Dynamics sends to an address that names the connection, with a key of that connection's own in a header or in the address. */
export class DynamicsWebhookSource implements WebhookSource {
  readonly vendor = 'dynamics';
  readonly #connections: IngestConnections;
  readonly #publisher: EventPublisher;

  constructor({ connections, publisher }: { readonly connections: IngestConnections; readonly publisher: EventPublisher }) {
    this.#connections = connections;
    this.#publisher = publisher;
  }

  async read(webhook: IncomingWebhook): Promise<WebhookReading> {
    const found = await this.#connections.verify(
      { vendor: this.vendor, connectionId: webhook.connectionId, fields: [webhookSecret] },
      ({ secrets }) => verifyDynamicsWebhook({ headers: webhook.headers, code: codeOf(webhook), keys: requireKey(secrets) }),
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
    const body = readVerifiedBody(webhook.rawBody, () => parseDynamicsWebhook(webhook.rawBody), connection.tenantId);
    if (!body.ok) return body.reading;
    // What happens to contacts and accounts is fetched by nobody; another environment's key is not this one's.
    const followed = body.content.filter(({ object, organizationId }) => object === 'deal' && organizationId === connection.accountId);
    return { outcome: 'verified', deliveries: followed.map((touch) => this.#toDelivery(connection, touch)) };
  }

  /** Only what was touched is kept: the body holds the record whole, and the hub reads it anew. */
  #toDelivery({ id: connectionId, tenantId }: Connection, touch: DynamicsTouch): WebhookDelivery {
    const dedupeKey = dedupeKeyOf({ vendor: this.vendor, tenantId, connectionId, kind: touch.object }, touch.dedupeId);
    const { object, externalId, change, occurredAt } = touch;
    const envelope = this.#publisher.envelope({ tenantId, correlationId: randomUUID() }, crmRecordTouched, {
      id: deterministicId('webhook', dedupeKey.toString('hex')),
      subject: `dynamics/${object}/${externalId}`,
      data: { vendor: this.vendor, connectionId, object, externalId, change, occurredAt },
    });
    return { vendor: this.vendor, connectionId, dedupeKey, envelope, body: Buffer.from(JSON.stringify(touch)) };
  }
}

function codeOf({ query }: IncomingWebhook): string | undefined {
  const code = query['code'];
  return typeof code === 'string' ? code : undefined;
}

/** @throws Failure `unauthorised` where the environment was connected without the key of its webhooks. */
function requireKey(secrets: ReadonlyMap<string, string>): string[] {
  const key = secrets.get(webhookSecret);
  if (key === undefined) throw new Failure('unauthorised', `The connection has no stored ${webhookSecret}; connect it again.`);
  return [key];
}
