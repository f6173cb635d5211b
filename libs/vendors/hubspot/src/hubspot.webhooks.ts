import { z } from 'zod';
import { Failure } from '@crossdock/contracts';
import { parseWebhookJson } from '@crossdock/signed-webhook';

/** HubSpot sends at most this many events in one request. */
const maxEvents = 100;

type TouchedObject = 'contact' | 'company' | 'deal';
type Change = 'created' | 'changed' | 'deleted' | 'merged' | 'restored' | 'associated';

/** One record of which HubSpot says that something happened; what it is now must be fetched. */
export interface HubSpotTouch {
  /** The HubSpot account it happened in; it is this, and nothing in the address, that names the connection. */
  readonly portalId: string;
  /** Same for every delivery of the same event; HubSpot's `eventId` alone is not unique. */
  readonly dedupeId: string;
  readonly object: TouchedObject;
  readonly externalId: string;
  readonly change: Change;
  /** ISO 8601 UTC with milliseconds. */
  readonly occurredAt: string;
}

const recordId = z.union([z.int(), z.string().regex(/^[0-9]+$/)]).transform(String);

const eventSchema = z.object({
  eventId: z.union([z.number(), z.string()]).transform(String),
  portalId: recordId,
  occurredAt: z.int().min(0).max(8_640_000_000_000_000),
  subscriptionType: z.string().max(100),
  objectTypeId: z.string().max(50).optional(),
  objectId: recordId.optional(),
  propertyName: z.string().max(255).optional(),
  /** Association events name the record of the subscription first. */
  fromObjectId: recordId.optional(),
  primaryObjectId: recordId.optional(),
  mergedObjectIds: z.array(recordId).max(100).optional(),
  newObjectId: recordId.optional(),
});
type HubSpotEvent = z.infer<typeof eventSchema>;

const bodySchema = z.array(eventSchema).max(maxEvents);

const objectsByTypeId: Readonly<Record<string, TouchedObject>> = { '0-1': 'contact', '0-2': 'company', '0-3': 'deal' };
const objectsByName: Readonly<Record<string, TouchedObject>> = { contact: 'contact', company: 'company', deal: 'deal' };
const changes: Readonly<Record<string, Change>> = {
  creation: 'created',
  propertyChange: 'changed',
  deletion: 'deleted',
  privacyDeletion: 'deleted',
  merge: 'merged',
  restore: 'restored',
  associationChange: 'associated',
};

/**
 * Reads the body of a verified HubSpot webhook. Events about objects that the hub does not follow are left out.
 * @throws Failure `invalid` where the body is not what HubSpot documents; it is kept then, not dropped.
 */
export function parseHubSpotWebhook(rawBody: Uint8Array): HubSpotTouch[] {
  const parsed = bodySchema.safeParse(parseWebhookJson(rawBody, 'HubSpot'));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Failure('invalid', `The HubSpot webhook is not a list of events as documented: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  return parsed.data.flatMap(toTouches);
}

function toTouches(event: HubSpotEvent): HubSpotTouch[] {
  const [objectName = '', changeName = ''] = event.subscriptionType.split('.');
  const object = objectName === 'object' ? objectsByTypeId[event.objectTypeId ?? ''] : objectsByName[objectName];
  const change = changes[changeName];
  if (!object || !change) return [];
  return touchedIds(event, change).map((externalId) => ({
    portalId: event.portalId,
    dedupeId: JSON.stringify([
      event.portalId, event.subscriptionType, externalId, event.propertyName ?? '', event.eventId, event.occurredAt,
    ]),
    object,
    externalId,
    change,
    occurredAt: new Date(event.occurredAt).toISOString(),
  }));
}

/** A merge touches the winner and all the losers; every other event touches one record. */
function touchedIds(event: HubSpotEvent, change: Change): string[] {
  const candidates = change === 'merged'
    ? [event.newObjectId, event.primaryObjectId, ...(event.mergedObjectIds ?? []), event.objectId]
    : [event.objectId ?? event.fromObjectId];
  const ids = [...new Set(candidates.filter((id) => id !== undefined))];
  if (ids.length === 0) throw new Failure('invalid', `A HubSpot webhook event of type ${event.subscriptionType} names no record.`);
  return ids;
}
