import { z } from 'zod';
import { moneySchema } from './money.ts';
import { crmVendorSchema, timestampSchema } from './source.ts';

/** Where a shipment stands, whatever the carrier calls it. */
export const shipmentStatusSchema = z.enum([
  'requested', 'label_purchased', 'pre_transit', 'in_transit', 'delivered', 'returned', 'failed', 'voided',
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

const customsItemSchema = z.object({
  description: z.string().min(1).max(200),
  quantity: z.int().positive().max(10_000),
  /** Of all pieces together. */
  netWeightGrams: z.int().positive().max(70_000),
  /** Of all pieces together. */
  value: moneySchema.refine(({ amountMinor }) => amountMinor > 0 && amountMinor <= 1_000_000_000, 'must be above zero and no more than ten million'),
  /** ISO 3166-1 alpha-2. */
  originCountry: z.string().regex(/^[A-Z]{2}$/),
  /** Harmonised System. */
  hsCode: z.string().regex(/^\d[\d.]{3,15}$/).optional(),
  sku: z.string().max(100).optional(),
});

/** What customs are told of a parcel that crosses a border. */
export const customsDeclarationSchema = z.object({
  contentsType: z.enum(['documents', 'gift', 'sample', 'merchandise', 'humanitarian_donation', 'return_merchandise', 'other']),
  /** Required for `other`. */
  explanation: z.string().min(1).max(255).optional(),
  /** What is done with a parcel that cannot be delivered. */
  nonDelivery: z.enum(['return', 'abandon']),
  /** Who answers for what is declared. */
  signer: z.string().min(1).max(255),
  /** Who pays duties, in the words of Incoterms. */
  incoterm: z.enum(['DDP', 'DDU', 'FCA', 'DAP']).optional(),
  /** The reference of an export filing in the United States (AES ITN), where one was made. */
  exportFilingReference: z.string().min(1).max(100).optional(),
  items: z.array(customsItemSchema).min(1).max(100),
});
export type CustomsDeclaration = z.infer<typeof customsDeclarationSchema>;

/** Why a sample was sent and to whom: what attribution joins on. */
export const sampleSchema = z.object({
  contactEmail: z.email(),
  campaign: z.string().max(255).optional(),
  product: z.string().max(255).optional(),
  /** The deal that it was sent for. */
  deal: z.object({ vendor: crmVendorSchema, connectionId: z.uuid(), externalId: z.string().min(1).max(255) }).optional(),
});
export type Sample = z.infer<typeof sampleSchema>;

export const trackingUpdateSchema = z.object({
  carrier: z.string().min(1),
  trackingNumber: z.string().min(1),
  status: shipmentStatusSchema,
  /** The carrier's own finer word, such as `out_for_delivery`. */
  substatus: z.string().optional(),
  /** The carrier waits for the sender or the recipient to do something. */
  actionRequired: z.boolean().optional(),
  /** When the carrier says it happened. */
  occurredAt: timestampSchema,
});
export type TrackingUpdate = z.infer<typeof trackingUpdateSchema>;
