import { Failure } from '@crossdock/contracts';
import { isDeepStrictEqual } from 'node:util';
import type { Shipment } from '../shipments/shipment.entity.ts';
import type { ManifestPlan, ManifestRequest } from './manifest.repository.ts';

/**
 * What one manifest closes out. Shippo takes labels of one carrier account, from one address, of one day.
 * @throws Failure `not_found` for a shipment that is not there, `conflict` for one that cannot be handed over, `invalid` where they do not fit together.
 */
export function manifestPlan({ shipmentIds, shippedOn }: ManifestRequest, shipments: readonly Shipment[]): ManifestPlan & { readonly connectionId: string } {
  const found = shipmentIds.map((id) => {
    const shipment = shipments.find(({ shipmentId }) => shipmentId === id);
    if (!shipment) throw new Failure('not_found', `There is no shipment ${id}.`);
    return toHandOver(shipment);
  });
  const [first] = found;
  if (!first) throw new Failure('invalid', 'A manifest closes out one shipment at least.');
  const odd = found.find((each) => each.connectionId !== first.connectionId || each.carrierAccountId !== first.carrierAccountId || !isDeepStrictEqual(each.from, first.from));
  if (odd) throw new Failure('invalid', `Shipment ${odd.shipmentId} is of another account or carrier account, or leaves from another address: make a manifest of its own for it.`);
  return {
    connectionId: first.connectionId, carrierAccountId: first.carrierAccountId, from: first.from, shippedAt: `${shippedOn}T23:59:59.000Z`,
    transactionIds: found.map(({ transactionId }) => transactionId), shipmentIds,
  };
}

function toHandOver({ shipmentId, connectionId, status, kind, label, chosenRate, request, manifestId }: Shipment) {
  if (kind !== 'outbound' || !label || !request) throw new Failure('conflict', `Shipment ${shipmentId} has no label that was bought here to be handed over.`);
  if (status !== 'label_purchased' && status !== 'pre_transit') throw new Failure('conflict', `Shipment ${shipmentId} is ${status}; it is not handed over any more.`);
  if (manifestId !== null) throw new Failure('conflict', `Shipment ${shipmentId} is in manifest ${manifestId} already.`);
  if (chosenRate?.carrierAccountId === undefined) throw new Failure('invalid', `Shippo did not name the carrier account of shipment ${shipmentId}.`);
  return { shipmentId, connectionId, carrierAccountId: chosenRate.carrierAccountId, from: request.from, transactionId: label.transactionId };
}
