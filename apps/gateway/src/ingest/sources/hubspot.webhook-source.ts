import type { Connection } from '@crossdock/connections';
import type { EventPublisher } from '@crossdock/event-bus';
import { parseHubSpotWebhook, verifyHubSpotWebhook, type HubSpotTouch } from '@crossdock/vendor-hubspot';
import type { IngestConnections } from '../ingest-connections.ts';
import { readVerifiedBody } from '../verified-body.ts';
import { touchDelivery } from '../webhook-delivery.ts';
import type { IncomingWebhook, KeptWebhook, WebhookReading, WebhookSource } from '../webhook-source.ts';

/** HubSpot sends the events of all accounts of one app to one address; `portalId` in each event tells whose it is. */
export class HubSpotWebhookSource implements WebhookSource {
  readonly vendor = 'hubspot';
  readonly #connections: IngestConnections;
  readonly #publisher: EventPublisher;
  readonly #publicUrl: string;
  readonly #clientSecrets: readonly string[];

  constructor(options: {
    readonly connections: IngestConnections;
    readonly publisher: EventPublisher;
    readonly publicUrl: string;
    readonly clientSecrets: readonly string[];
  }) {
    this.#connections = options.connections;
    this.#publisher = options.publisher;
    this.#publicUrl = options.publicUrl;
    this.#clientSecrets = options.clientSecrets;
  }

  async read(webhook: IncomingWebhook): Promise<WebhookReading> {
    const verdict = verifyHubSpotWebhook({
      method: webhook.method,
      // The address HubSpot called is ours to know; forwarded headers are anybody's to set.
      uri: new URL(webhook.url, this.#publicUrl).toString(),
      headers: webhook.headers,
      rawBody: webhook.rawBody,
      nowMs: webhook.receivedAt.getTime(),
      secrets: this.#clientSecrets,
    });
    if (!verdict.valid) return { outcome: 'bad_signature', reason: verdict.reason };
    return this.reread(webhook);
  }

  async reread(webhook: KeptWebhook): Promise<WebhookReading> {
    const body = readVerifiedBody(webhook.rawBody, () => parseHubSpotWebhook(webhook.rawBody));
    if (!body.ok) return body.reading;
    const touches = body.content;
    const connections = await this.#findConnections(touches);
    const deliveries = newestOfEach(touches).flatMap((touch) => {
      const connection = connections.get(touch.portalId);
      return connection ? [touchDelivery(this.#publisher, 'hubspot', connection, touch)] : [];
    });
    return connections.size === 0 && touches.length > 0 ? { outcome: 'unknown_tenant' } : { outcome: 'verified', deliveries };
  }

  async #findConnections(touches: readonly HubSpotTouch[]): Promise<Map<string, Connection>> {
    const found = new Map<string, Connection>();
    for (const portalId of new Set(touches.map((touch) => touch.portalId))) {
      const connection = await this.#connections.findByAccount('hubspot', portalId);
      if (connection) found.set(portalId, connection);
    }
    return found;
  }
}

/**
 * HubSpot sends an event for each property that changed. What the record is now must be fetched in any case, so that the
 * newest touch of a record says as much as all of them.
 */
function newestOfEach(touches: readonly HubSpotTouch[]): HubSpotTouch[] {
  const byRecord = Map.groupBy(touches, ({ portalId, object, externalId }) => JSON.stringify([portalId, object, externalId]));
  const ageOf = ({ occurredAt, dedupeId }: HubSpotTouch): string => occurredAt + dedupeId; // the same one for every delivery of the same events
  return [...byRecord.values()].map((ofRecord) => ofRecord.reduce((newest, touch) => (ageOf(touch) > ageOf(newest) ? touch : newest)));
}
