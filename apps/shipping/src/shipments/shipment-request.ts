import {
  customsDeclarationSchema, moneySchema, parcelSchema, postalAddressSchema, sampleSchema, type CustomsDeclaration, type PostalAddress,
} from '@crossdock/contracts';
import { BadRequestException } from '@nestjs/common';
import { z } from 'zod';

/** The body of `POST /v1/shipments`. */
export const shipmentRequestSchema = z.strictObject({
  /** The tenant's Shippo connection that pays for the label. */
  connectionId: z.uuid(),
  from: postalAddressSchema.strict(),
  to: postalAddressSchema.strict(),
  parcel: parcelSchema.strict(),
  /** Required where the parcel crosses a border. */
  customs: customsDeclarationSchema.strict().optional(),
  orderId: z.uuid().optional(),
  /** Given where the parcel holds a sample: attribution follows it. */
  sample: sampleSchema.strict().optional(),
  /** Kits out of the tenant's stock that lie in the parcel: they are put aside now, or the request is refused. */
  kit: z.strictObject({ sku: z.string().min(1).max(100), quantity: z.int().positive().max(1_000).default(1) }).optional(),
  /** Taken where this carrier offers a rate, whatever others ask; Shippo's token of it, such as `usps`. */
  carrierPreference: z.string().regex(/^[a-z0-9_]{1,100}$/).optional(),
  /** No label that costs more is bought, beside what the tenant's policy says. */
  priceLimit: moneySchema.strict().refine(({ amountMinor }) => amountMinor > 0, 'must be above zero').optional(),
  /** Refused where the account is of the other mode. */
  mode: z.enum(['live', 'test']).optional(),
}).superRefine((request, context) => {
  for (const [path, message] of faultsAtTheBorder(request)) context.addIssue({ code: 'custom', path: [...path], message });
});
export type ShipmentRequest = z.infer<typeof shipmentRequestSchema>;

/** Chosen by the caller, one a shipment: visible ASCII, at most 255 characters. */
const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');

/** @throws BadRequestException where the header is missing or of another form. */
export function requiredIdempotencyKey(header: unknown): string {
  const key = idempotencyKeySchema.safeParse(header);
  if (key.success) return key.data;
  throw new BadRequestException('The header Idempotency-Key is required: 1 to 255 visible ASCII characters, one key a request.');
}

/** The body of `POST /v1/shipments/{id}/returns`. */
export const returnRequestSchema = z.strictObject({
  /** Where what comes back is smaller or lighter than what went out. */
  parcel: parcelSchema.strict().optional(),
  /** Required where the parcel crosses a border on its way back. */
  customs: customsDeclarationSchema.strict().optional(),
});
export type ReturnRequest = z.infer<typeof returnRequestSchema>;

/** The body of `POST /v1/followed-shipments`. */
export const followRequestSchema = z.strictObject({
  /** The tenant's Shippo connection that follows it. */
  connectionId: z.uuid(),
  /** Shippo's token of the carrier, such as `usps`: the same number may be another parcel at another carrier. */
  carrier: z.string().regex(/^[a-z0-9_]{1,100}$/),
  trackingNumber: z.string().regex(/^[A-Za-z0-9_-]{3,100}$/),
  orderId: z.uuid().optional(),
  sample: sampleSchema.strict().optional(),
});
export type FollowRequest = z.infer<typeof followRequestSchema>;

interface BorderCrossing {
  readonly from: PostalAddress;
  readonly to: PostalAddress;
  readonly customs?: CustomsDeclaration | undefined;
}

/** Source: https://docs.goshippo.com/docs/international_shipping/internationalshipping (telephone numbers, declaration). */
function faultsAtTheBorder({ from, to, customs }: BorderCrossing): ReadonlyArray<readonly [readonly string[], string]> {
  if (from.country === to.country) return [];
  return [
    ...(customs ? [] : [[['customs'], 'is required where a parcel crosses a border'] as const]),
    ...(from.phone === undefined ? [[['from', 'phone'], 'is required where a parcel crosses a border'] as const] : []),
    ...(to.phone === undefined ? [[['to', 'phone'], 'is required where a parcel crosses a border'] as const] : []),
    ...(customs?.contentsType === 'other' && customs.explanation === undefined
      ? [[['customs', 'explanation'], 'is required where the contents are of another type'] as const] : []),
  ];
}
