import type { ShipmentStatus } from '@crossdock/contracts';

/** One of an order's shipments that count: it is no way back and was not taken back. */
export interface OrderParcel {
  readonly shipmentId: string;
  readonly status: ShipmentStatus;
  readonly since: Date;
}

export interface OrderProgress {
  readonly state: 'on_the_way' | 'delivered';
  readonly shipmentIds: string[];
  /** When the last of them came so far, ISO 8601 in UTC with milliseconds. */
  readonly since: string;
}

/** How far an order is with all of its shipments; undefined while one of them has not left. */
export function orderProgress(parcels: readonly OrderParcel[]): OrderProgress | undefined {
  const [first] = parcels;
  if (!first || !parcels.every(({ status }) => status === 'in_transit' || status === 'delivered')) return undefined;
  return {
    state: parcels.every(({ status }) => status === 'delivered') ? 'delivered' : 'on_the_way',
    shipmentIds: parcels.map(({ shipmentId }) => shipmentId),
    since: new Date(Math.max(...parcels.map(({ since }) => since.getTime()))).toISOString(),
  };
}
