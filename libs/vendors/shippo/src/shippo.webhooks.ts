import { createHash } from 'node:crypto';
import { Failure, type TrackingUpdate } from '@crossdock/contracts';
import { parseWebhookJson } from '@crossdock/signed-webhook';
import { z } from 'zod';
import { isKnownStatus, toTrackingUpdate, trackSchema } from './shippo.tracks.ts';

/** What a verified webhook of Shippo says. */
export interface ShippoTrackingReport {
  readonly tracking: TrackingUpdate;
  /** Same for every delivery of the same status; Shippo's webhooks have no id of their own. */
  readonly dedupeId: string;
  /** Sent by a test-mode webhook: it is about no real parcel. */
  readonly test: boolean;
}

const envelopeSchema = z.object({ event: z.string().max(100), test: z.boolean().default(false), data: z.unknown() });

/**
 * Reads a verified webhook.
 * @returns undefined where there is nothing to follow: another event than `track_updated`, or a carrier that has not
 * said anything yet.
 * @throws Failure `invalid` where the body is not as documented; it is kept then, not dropped. A webhook registered
 * for an older version of the interface sends a transaction in place of the track and ends here.
 */
export function parseShippoWebhook(rawBody: Uint8Array): ShippoTrackingReport | undefined {
  const envelope = envelopeSchema.safeParse(parseWebhookJson(rawBody, 'Shippo'));
  if (!envelope.success) throw new Failure('invalid', 'The Shippo webhook is not an event as documented.');
  const { event, test, data } = envelope.data;
  if (event !== 'track_updated') return undefined;
  const track = trackSchema.safeParse(data);
  if (!track.success) {
    const field = track.error.issues[0]?.path.join('.') ?? 'data';
    throw new Failure('invalid', `The Shippo webhook's field ${field} is missing or not as documented.`, { field });
  }
  const said = track.data.tracking_status?.status;
  if (said !== undefined && !isKnownStatus(said)) {
    throw new Failure('invalid', 'The Shippo webhook tells of a status that Shippo does not document.', { field: 'tracking_status.status' });
  }
  const tracking = toTrackingUpdate(track.data);
  if (!tracking) return undefined;
  const statusId = track.data.tracking_status?.object_id;
  const identity = statusId ? `${statusId}/${tracking.occurredAt}` : createHash('sha256').update(rawBody).digest('hex');
  return { tracking, test, dedupeId: `${tracking.carrier}/${tracking.trackingNumber}/${identity}` };
}
