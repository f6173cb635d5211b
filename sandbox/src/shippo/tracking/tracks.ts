import type { Rate } from '../shipping/shipment-rates.ts';
import {
  shippoId,
  trackKey,
  type Address,
  type Shipment,
  type ShippoAccount,
  type Track,
  type TrackingStatus,
  type Transaction,
} from '../shippo-accounts.ts';
import type { Substatus, TrackingStatusName } from './tracking-status.ts';

const place = ({ city, state, zip, country }: Address): { city: string; state: string; zip: string; country: string } => ({
  city,
  state,
  zip,
  country,
});

/** A label that was bought is tracked without anybody asking. */
export function trackLabel(account: ShippoAccount, transaction: Transaction, rate: Rate, shipment: Shipment): void {
  if (transaction.tracking_number === undefined) return;
  const carrier = rate.provider.toLowerCase();
  const eta = transaction.eta;
  account.tracks.set(trackKey(carrier, transaction.tracking_number), {
    carrier,
    tracking_number: transaction.tracking_number,
    messages: [],
    address_from: place(shipment.address_from),
    address_to: place(shipment.address_to),
    ...(eta === undefined ? {} : { eta, original_eta: eta }),
    servicelevel: { name: rate.servicelevel.name, token: rate.servicelevel.token },
    ...(transaction.metadata === '' ? {} : { metadata: transaction.metadata }),
    transaction: transaction.object_id,
    tracking_history: [],
  });
}

/** The carrier reports where the parcel is; the label follows. */
export function reportStatus(
  account: ShippoAccount,
  track: Track,
  status: TrackingStatusName,
  substatus: Substatus | undefined,
  date?: string,
): TrackingStatus {
  const now = new Date().toISOString();
  const location = status === 'DELIVERED' ? track.address_to : track.address_from;
  const event: TrackingStatus = {
    object_id: shippoId(),
    object_created: now,
    object_updated: now,
    status,
    status_details: substatus?.text ?? 'No details.',
    status_date: date ?? now,
    ...(substatus === undefined ? {} : { substatus }),
    ...(location === undefined ? {} : { location }),
  };
  track.tracking_status = event;
  track.tracking_history.push(event);
  const transaction = account.transactions.get(track.transaction ?? '');
  if (transaction !== undefined) transaction.tracking_status = status;
  return event;
}
