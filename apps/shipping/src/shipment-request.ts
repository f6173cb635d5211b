import { createHash } from 'node:crypto';
import { parcelSchema, postalAddressSchema, sampleSchema } from '@crossdock/contracts';
import { z } from 'zod';

/** The body of `POST /v1/shipments`. */
export const shipmentRequestSchema = z.strictObject({
  /** The tenant's Shippo connection that pays for the label. */
  connectionId: z.uuid(),
  from: postalAddressSchema.strict(),
  to: postalAddressSchema.strict(),
  parcel: parcelSchema.strict(),
  orderId: z.uuid().optional(),
  /** Given where the parcel holds a sample: attribution follows it. */
  sample: sampleSchema.strict().optional(),
  /** Taken where this carrier offers a rate, whatever others ask; Shippo's token of it, such as `usps`. */
  carrierPreference: z.string().regex(/^[a-z0-9_]{1,100}$/).optional(),
});
export type ShipmentRequest = z.infer<typeof shipmentRequestSchema>;

/** Chosen by the caller, one a shipment: visible ASCII, at most 255 characters. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');

/** Tells whether two parsed requests are the same. The schema fixes the order of the fields. */
export function requestHash(request: ShipmentRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
