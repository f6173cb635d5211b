import { z } from 'zod';
import { timestampSchema } from './source.ts';

/** Where a shipment stands, whatever the carrier calls it. */
export const shipmentStatusSchema = z.enum([
  'requested', 'label_purchased', 'pre_transit', 'in_transit', 'delivered', 'returned', 'failed',
]);
export type ShipmentStatus = z.infer<typeof shipmentStatusSchema>;

export const postalAddressSchema = z.object({
  name: z.string().min(1).max(255),
  company: z.string().max(255).optional(),
  street1: z.string().min(1).max(255),
  street2: z.string().max(255).optional(),
  city: z.string().min(1).max(255),
  state: z.string().max(255).optional(),
  postalCode: z.string().min(1).max(32),
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/),
  email: z.email().optional(),
  /** E.164. */
  phone: z.string().regex(/^\+[1-9]\d{1,14}$/).optional(),
});
export type PostalAddress = z.infer<typeof postalAddressSchema>;

/** What a parcel weighs and measures, in grams and millimetres. */
export const parcelSchema = z.object({
  weightGrams: z.int().positive().max(70_000),
  lengthMm: z.int().positive().max(3_000),
  widthMm: z.int().positive().max(3_000),
  heightMm: z.int().positive().max(3_000),
});
export type Parcel = z.infer<typeof parcelSchema>;

/** Why a sample was sent and to whom: what attribution joins on. */
export const sampleSchema = z.object({
  contactEmail: z.email(),
  campaign: z.string().max(255).optional(),
  product: z.string().max(255).optional(),
});
export type Sample = z.infer<typeof sampleSchema>;

export const trackingUpdateSchema = z.object({
  carrier: z.string().min(1),
  trackingNumber: z.string().min(1),
  status: shipmentStatusSchema,
  /** The carrier's own finer word, such as `out_for_delivery`. */
  substatus: z.string().optional(),
  /** When the carrier says it happened. */
  occurredAt: timestampSchema,
});
export type TrackingUpdate = z.infer<typeof trackingUpdateSchema>;
