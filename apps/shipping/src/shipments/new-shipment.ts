import { createHash } from 'node:crypto';
import type { Sample } from '@crossdock/contracts';
import type { ShipmentRequest } from './shipment-request.ts';
import { Shipment, type ShipmentKind } from './shipment.entity.ts';

export interface NewShipment {
  readonly shipmentId: string;
  readonly tenantId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly connectionId: string;
  readonly kind: ShipmentKind;
  readonly request?: ShipmentRequest;
  readonly returnOf?: string;
  readonly orderId?: string | undefined;
  readonly sample?: Sample | undefined;
  /** Those that were asked for by one call. */
  readonly batchId?: string | undefined;
  /** Known where the label was bought elsewhere. */
  readonly parcel?: { readonly carrier: string; readonly trackingNumber: string };
}

/** A shipment as it is accepted: its label is yet to be bought, or lies at a carrier already. */
export function newShipment({ request, returnOf, orderId, sample, parcel, batchId, ...given }: NewShipment): Shipment {
  const now = new Date();
  return Object.assign(new Shipment(), {
    ...given,
    request: request ?? null,
    returnOf: returnOf ?? null,
    orderId: orderId ?? null,
    sample: sample ?? null,
    batchId: batchId ?? null,
    manifestId: null,
    status: parcel ? 'label_purchased' : 'requested',
    statusSince: now,
    chosenRate: null,
    purchaseBegunAt: null,
    label: null,
    carrier: parcel?.carrier ?? null,
    trackingNumber: parcel?.trackingNumber ?? null,
    test: null,
    refund: null,
    deliveredAt: null,
    failure: null,
    heardAt: parcel ? new Date(0) : now,
    createdAt: now,
  } satisfies Partial<Shipment>);
}

/** Tells whether two parsed requests are the same. The schema fixes the order of the fields. */
export function requestHash(request: object): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
