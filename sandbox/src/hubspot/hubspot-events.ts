import { randomInt } from 'node:crypto';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { signHubSpotV1, signHubSpotV3 } from '../webhooks/webhook-signatures.ts';
import { defaultAssociationTypeId, objectTypeFacts } from './crm/crm-object-types.ts';
import type { Actor, CrmRecord, RecordChange } from './crm/crm-records.ts';
import type { HubSpotApp, Portal, Subscription } from './hubspot-accounts.ts';
import { appActor } from './portal-session.ts';

type WebhookEvent = Record<string, string | number | boolean | number[]>;

const minuteMs = 60_000;

/**
 * HubSpot answers: within 5 s, any status of 400 or more and any silence is tried again, up to 10 times within a day.
 * It does not publish the waits; these double from one minute and end within 24 hours.
 */
const timeoutMs = 5_000;
const retryDelaysMs = Array.from({ length: 10 }, (_, attempt) => minuteMs * 2 ** attempt);
const eventsPerRequest = 100;
const gatheringMs = 10;

export const defaultSubscriptions: Subscription[] = [
  ...['contact', 'company', 'deal'].flatMap((noun) => [
    { subscriptionType: `${noun}.creation` },
    { subscriptionType: `${noun}.deletion` },
    { subscriptionType: `${noun}.merge` },
    { subscriptionType: `${noun}.associationChange` },
  ]),
  ...['email', 'firstname', 'lastname', 'phone', 'lifecyclestage'].map((propertyName) => ({
    subscriptionType: 'contact.propertyChange',
    propertyName,
  })),
  ...['name', 'domain'].map((propertyName) => ({ subscriptionType: 'company.propertyChange', propertyName })),
  ...['dealname', 'dealstage', 'amount', 'closedate', 'pipeline'].map((propertyName) => ({
    subscriptionType: 'deal.propertyChange',
    propertyName,
  })),
];

/** Turns changes into the app's webhooks: gathered for a moment, at most 100 in one request, signed v1 and v3. */
export class HubSpotEvents {
  private readonly deliveries: WebhookDeliveries;
  private gathered = new Map<HubSpotApp, { portal: Portal; event: WebhookEvent }[]>();

  constructor(deliveries: WebhookDeliveries) {
    this.deliveries = deliveries;
  }

  clear(): void {
    this.gathered = new Map();
  }

  recordChanged(portal: Portal, change: RecordChange): void {
    const { record, actor, atMs } = change;
    const noun = objectTypeFacts[record.type].singular;
    const about = { objectId: Number(record.id) };
    if (change.kind === 'propertyChange') {
      const what = { propertyName: change.property, propertyValue: change.value };
      this.gather(portal, `${noun}.propertyChange`, { ...about, ...what }, actor, atMs, change.property);
      return;
    }
    if (change.kind === 'merge') {
      const ids = { primaryObjectId: Number(change.primaryId), mergedObjectIds: [Number(change.mergedId)], newObjectId: Number(record.id) };
      this.gather(portal, `${noun}.merge`, { ...about, ...ids, numberOfPropertiesMoved: 0 }, actor, atMs);
      return;
    }
    const changeFlag = change.kind === 'creation' ? 'CREATED' : 'DELETED';
    this.gather(portal, `${noun}.${change.kind}`, { ...about, changeFlag }, actor, atMs);
  }

  /** Told from both ends, as each end is a record of its own. */
  associationChanged(portal: Portal, from: CrmRecord, to: CrmRecord, removed: boolean): void {
    for (const [near, far] of [
      [from, to],
      [to, from],
    ] as const) {
      const [nearNoun, farNoun] = [objectTypeFacts[near.type].singular, objectTypeFacts[far.type].singular];
      const about = {
        associationType: `${nearNoun}_to_${farNoun}`.toUpperCase(),
        associationTypeId: defaultAssociationTypeId(near.type, far.type),
        fromObjectId: Number(near.id),
        toObjectId: Number(far.id),
        associationRemoved: removed,
        isPrimaryAssociation: false,
      };
      this.gather(portal, `${nearNoun}.associationChange`, about, appActor(portal), Date.now());
    }
  }

  private gather(
    portal: Portal,
    subscriptionType: string,
    about: WebhookEvent,
    actor: Actor,
    atMs: number,
    propertyName?: string,
  ): void {
    const { app } = portal;
    const index = app.subscriptions.findIndex(
      (candidate) => candidate.subscriptionType === subscriptionType && candidate.propertyName === propertyName,
    );
    if (app.webhookTargetUrl === null || index === -1) return;
    const event: WebhookEvent = {
      // Not promised to be unique by HubSpot; random here as there.
      eventId: randomInt(1, 2 ** 32),
      subscriptionId: app.appId * 100 + index,
      portalId: portal.portalId,
      appId: app.appId,
      occurredAt: atMs,
      subscriptionType,
      attemptNumber: 0,
      ...about,
      changeSource: actor.changeSource,
      sourceId: actor.sourceId,
    };
    const waiting = this.gathered.get(app);
    if (waiting !== undefined) {
      waiting.push({ portal, event });
      return;
    }
    this.gathered.set(app, [{ portal, event }]);
    const handedOver = this.deliveries.announce();
    setTimeout(() => {
      this.flush(app);
      handedOver();
    }, gatheringMs);
  }

  private flush(app: HubSpotApp): void {
    const gathered = this.gathered.get(app) ?? [];
    this.gathered.delete(app);
    for (let start = 0; start < gathered.length; start += eventsPerRequest) {
      this.deliver(app, gathered.slice(start, start + eventsPerRequest));
    }
  }

  private deliver(app: HubSpotApp, batch: { portal: Portal; event: WebhookEvent }[]): void {
    const url = app.webhookTargetUrl;
    if (url === null) return;
    const sign = (body: Buffer, nowMs: number): Record<string, string> => ({
      'Content-Type': 'application/json',
      'User-Agent': 'HubSpot Connect 2.0 (webhooks)',
      'X-HubSpot-Signature': signHubSpotV1(app.clientSecret, body),
      'X-HubSpot-Signature-Version': 'v1',
      'X-HubSpot-Signature-v3': signHubSpotV3(app.clientSecret, { method: 'POST', url, body, timestampMs: nowMs }),
      'X-HubSpot-Request-Timestamp': String(nowMs),
    });
    this.deliveries.send({
      vendor: 'hubspot',
      account: [...new Set(batch.map(({ portal }) => String(portal.portalId)))].join(','),
      topic: [...new Set(batch.map(({ event }) => String(event['subscriptionType'])))].join(','),
      url,
      timeoutMs,
      retryDelaysMs,
      compose: (attempt, nowMs) => {
        const body = Buffer.from(JSON.stringify(batch.map(({ event }) => ({ ...event, attemptNumber: attempt }))));
        return { headers: sign(body, nowMs), body };
      },
      signAgain: sign,
      isDelivered: (status) => status !== null && status < 400,
      mayRetry: () => true,
    });
  }
}
