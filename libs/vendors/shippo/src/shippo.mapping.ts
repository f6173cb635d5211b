import {
  parseMoney, type Money, type Parcel, type PostalAddress, type ShipmentStatus, type TrackingUpdate,
} from '@crossdock/contracts';
import { DistanceUnitEnum, WeightUnitEnum, type AddressCreateRequest, type ParcelCreateRequest } from 'shippo';
import { z } from 'zod';

/**
 * Shippo's tracking statuses in canonical words. `UNKNOWN` says that the carrier knows nothing, and so nothing new.
 * Source: https://docs.goshippo.com/docs/tracking/tracking/
 */
const statuses: Readonly<Record<string, ShipmentStatus | undefined>> = {
  PRE_TRANSIT: 'pre_transit', TRANSIT: 'in_transit', DELIVERED: 'delivered', RETURNED: 'returned', FAILURE: 'failed',
};

/** Times without an offset are UTC. */
const timeSchema = z.iso.datetime({ offset: true, local: true }).transform((time) =>
  new Date(/(?:Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time}Z`).toISOString());

export const trackSchema = z.object({
  carrier: z.string().min(1).max(100),
  tracking_number: z.string().min(1).max(255),
  /** Null while the carrier has not said anything yet. */
  tracking_status: z.object({
    object_id: z.string().max(100).nullish(),
    object_created: timeSchema.nullish(),
    status: z.enum(['UNKNOWN', 'PRE_TRANSIT', 'TRANSIT', 'DELIVERED', 'RETURNED', 'FAILURE']),
    /** The documents show an object, older answers a word. */
    substatus: z.union([z.string(), z.object({ code: z.string() }).transform(({ code }) => code)]).nullish(),
    status_date: timeSchema.nullish(),
  }).nullish(),
});
export type ShippoTrack = z.infer<typeof trackSchema>;

/** @returns undefined where the carrier has nothing to tell, or does not say when it happened. */
export function toTrackingUpdate({ carrier, tracking_number, tracking_status }: ShippoTrack): TrackingUpdate | undefined {
  const status = statuses[tracking_status?.status ?? ''];
  const occurredAt = tracking_status?.status_date ?? tracking_status?.object_created;
  if (!status || !occurredAt) return undefined;
  return {
    carrier: toCarrier(carrier),
    trackingNumber: tracking_number,
    status,
    ...(tracking_status?.substatus && { substatus: tracking_status.substatus }),
    occurredAt,
  };
}

/** Rates name a carrier for people (`DHL Express`), tracking by its token (`dhl_express`); both are told as the token. */
export function toCarrier(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');
}

export const rateSchema = z.object({
  object_id: z.string().min(1),
  provider: z.string().min(1),
  amount: z.string(),
  currency: z.string(),
  estimated_days: z.int().nullish(),
  servicelevel: z.object({ token: z.string().nullish(), name: z.string().nullish() }).nullish(),
});

/** What a carrier asks for taking the parcel along. */
export interface ShippingRate {
  readonly id: string;
  readonly carrier: string;
  /** Shippo's token of the service, such as `usps_priority`. */
  readonly service: string | undefined;
  readonly price: Money;
  readonly estimatedDays: number | undefined;
}

/** @returns undefined where the price cannot be read; such a rate is not offered. */
export function toShippingRate(rate: z.infer<typeof rateSchema>): ShippingRate | undefined {
  const price = /^[A-Z]{3}$/.test(rate.currency) ? parseMoney(rate.amount, rate.currency) : undefined;
  return price && {
    id: rate.object_id,
    carrier: toCarrier(rate.provider),
    service: rate.servicelevel?.token ?? undefined,
    price,
    estimatedDays: rate.estimated_days ?? undefined,
  };
}

export function toShippoAddress(address: PostalAddress): AddressCreateRequest {
  const { postalCode, ...same } = address;
  return { ...same, zip: postalCode };
}

export function toShippoParcel({ weightGrams, lengthMm, widthMm, heightMm }: Parcel): ParcelCreateRequest {
  return {
    massUnit: WeightUnitEnum.G, weight: String(weightGrams),
    distanceUnit: DistanceUnitEnum.Mm, length: String(lengthMm), width: String(widthMm), height: String(heightMm),
  };
}
