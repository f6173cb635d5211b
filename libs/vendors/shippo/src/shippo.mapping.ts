import { parseMoney, type Money, type Parcel, type PostalAddress } from '@crossdock/contracts';
import type { AddressCreateRequest, ParcelCreateRequest } from 'shippo';
import { DistanceUnitEnum } from 'shippo/models/components/distanceunitenum.js';
import { WeightUnitEnum } from 'shippo/models/components/weightunitenum.js';
import { z } from 'zod';

/** Times without an offset are UTC. */
export const timeSchema = z.iso.datetime({ offset: true, local: true }).transform((time) =>
  new Date(/(?:Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time}Z`).toISOString());

/** Rates name a carrier for people (`DHL Express`), tracking by its token (`dhl_express`); both are told as the token. */
export function toCarrier(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');
}

export const rateSchema = z.object({
  object_id: z.string().min(1),
  provider: z.string().min(1),
  amount: z.string(),
  currency: z.string(),
  carrier_account: z.string().nullish(),
  test: z.boolean().nullish(),
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
  /** Shippo's id of the account at the carrier that it would be charged to. */
  readonly carrierAccountId: string | undefined;
  /** Asked for with a test token: a label of it carries nothing. */
  readonly test: boolean;
}

/** @returns undefined where the price cannot be read or is below zero; such a rate is not offered. */
export function toShippingRate(rate: z.infer<typeof rateSchema>): ShippingRate | undefined {
  const price = /^[A-Z]{3}$/.test(rate.currency) ? parseMoney(rate.amount, rate.currency) : undefined;
  return price && price.amountMinor >= 0 ? {
    id: rate.object_id,
    carrier: toCarrier(rate.provider),
    service: rate.servicelevel?.token ?? undefined,
    price,
    estimatedDays: rate.estimated_days ?? undefined,
    carrierAccountId: rate.carrier_account ?? undefined,
    test: rate.test ?? false,
  } : undefined;
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
