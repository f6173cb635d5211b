import { vaultKeysSetting } from '@crossdock/connections';
import { outboundConfigShape } from '@crossdock/outbound-service';
import { serviceConfigShape } from '@crossdock/service-kit';
import { shippoApiShape } from '@crossdock/vendor-shippo';
import { z } from 'zod';
import type { ShippingTimes } from './shipping-times.ts';

export const shippingConfig = z.object({
  ...serviceConfigShape,
  ...outboundConfigShape,
  ...shippoApiShape,
  vaultKeys: vaultKeysSetting,
  purchaseSettleSeconds: z.coerce.number().int().min(1).max(3_600).default(120)
    .describe('Seconds after a label purchase of unknown end until another one is made, where Shippo does not list the first'),
  parcelQuietSeconds: z.coerce.number().int().min(1).max(604_800).default(43_200)
    .describe('Seconds without a word of a parcel until its carrier is asked'),
  refundLookSeconds: z.coerce.number().int().min(1).max(604_800).default(21_600)
    .describe('Seconds between two looks at a label that was given back, until the carrier has decided'),
});
export type ShippingConfig = z.infer<typeof shippingConfig>;

export function timesOf({ purchaseSettleSeconds, parcelQuietSeconds, refundLookSeconds }: ShippingConfig): ShippingTimes {
  return {
    purchaseSettlesMs: purchaseSettleSeconds * 1_000, parcelIsQuietMs: parcelQuietSeconds * 1_000, refundLookMs: refundLookSeconds * 1_000,
  };
}
