import type { InjectionToken } from '@nestjs/common';

/** How long shipping waits for what, in milliseconds. */
export interface ShippingTimes {
  /** After a purchase whose end is not known, until Shippo must have finished or forgotten it. */
  readonly purchaseSettlesMs: number;
  /** Without a word of a parcel, until its carrier is asked. */
  readonly parcelIsQuietMs: number;
  /** Between two looks at a label that was given back. */
  readonly refundLookMs: number;
}

export const SHIPPING_TIMES: InjectionToken<ShippingTimes> = Symbol('SHIPPING_TIMES');
