import type { ShipmentStatus, TrackingUpdate } from '@crossdock/contracts';
import { z } from 'zod';
import { timeSchema, toCarrier } from './shippo.mapping.ts';

/**
 * Shippo's tracking statuses in canonical words. `UNKNOWN` says that the carrier knows nothing, and so nothing new.
 * Source: https://docs.goshippo.com/docs/tracking/tracking/
 */
const statuses: Readonly<Record<string, ShipmentStatus | undefined>> = {
  PRE_TRANSIT: 'pre_transit', TRANSIT: 'in_transit', DELIVERED: 'delivered', RETURNED: 'returned', FAILURE: 'failed',
};
const saysNothing = 'UNKNOWN';

/** The documents show an object, older answers a word. */
const substatusSchema = z.union([
  z.string().transform((code) => ({ code, action_required: undefined })),
  z.object({ code: z.string(), action_required: z.boolean().nullish() }),
]);

const trackingStatusSchema = z.object({
  object_id: z.string().max(100).nullish(),
  object_created: timeSchema.nullish(),
  status: z.string().min(1).max(100),
  substatus: substatusSchema.nullish(),
  status_date: timeSchema.nullish(),
});
type TrackingStatus = z.infer<typeof trackingStatusSchema>;

export const trackSchema = z.object({
  carrier: z.string().min(1).max(100),
  tracking_number: z.string().min(1).max(255),
  /** Null while the carrier has not said anything yet. */
  tracking_status: trackingStatusSchema.nullish(),
  tracking_history: z.array(trackingStatusSchema).nullish(),
});
export type ShippoTrack = z.infer<typeof trackSchema>;

/** All that a carrier has said of a parcel. */
export interface TrackingHistory {
  /** Oldest first, each once. */
  readonly updates: readonly TrackingUpdate[];
  /** Statuses that Shippo does not document: nothing follows from them, a person should know. */
  readonly unknownStatuses: readonly string[];
}

/** Whether a status is one that Shippo documents. */
export function isKnownStatus(status: string): boolean {
  return status === saysNothing || statuses[status] !== undefined;
}

/** @returns undefined where the carrier has nothing to tell, says something unheard of, or does not say when it happened. */
export function toTrackingUpdate(track: ShippoTrack, said: TrackingStatus | null | undefined = track.tracking_status): TrackingUpdate | undefined {
  const status = statuses[said?.status ?? ''];
  const occurredAt = said?.status_date ?? said?.object_created;
  if (!status || !occurredAt) return undefined;
  const { code, action_required: actionRequired } = said?.substatus ?? {};
  return {
    carrier: toCarrier(track.carrier),
    trackingNumber: track.tracking_number,
    status,
    ...(code !== undefined && code !== '' && { substatus: code }),
    ...(typeof actionRequired === 'boolean' && { actionRequired }),
    occurredAt,
  };
}

/** The whole history with the present status, which need not be in it. */
export function toTrackingHistory(track: ShippoTrack): TrackingHistory {
  const said = [...(track.tracking_history ?? []), ...(track.tracking_status ? [track.tracking_status] : [])];
  const updates = said.flatMap((each) => toTrackingUpdate(track, each) ?? []);
  const different = new Map(updates.map((update) => [`${update.occurredAt} ${update.status} ${update.substatus ?? ''}`, update]));
  return {
    updates: [...different.values()].toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1)),
    unknownStatuses: [...new Set(said.map(({ status }) => status).filter((status) => !isKnownStatus(status)))],
  };
}
