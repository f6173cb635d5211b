export const trackingStatuses = ['UNKNOWN', 'PRE_TRANSIT', 'TRANSIT', 'DELIVERED', 'RETURNED', 'FAILURE'] as const;
export type TrackingStatusName = (typeof trackingStatuses)[number];

export interface Substatus {
  code: string;
  text: string;
  action_required: boolean;
}

/** Shippo's substatuses by status; those that ask the sender or buyer to act are marked. */
const substatusCodes: Record<TrackingStatusName, string> = {
  UNKNOWN: 'other',
  PRE_TRANSIT: 'information_received',
  TRANSIT:
    'package_accepted address_issue! contact_carrier! delayed delivery_attempted! delivery_rescheduled ' +
    'delivery_scheduled location_inaccessible! notice_left! out_for_delivery package_arrived package_damaged! ' +
    'package_departed package_forwarded package_held! package_processed package_processing pickup_available! ' +
    'reschedule_delivery!',
  DELIVERED: 'delivered',
  RETURNED: 'return_to_sender package_unclaimed!',
  FAILURE: 'package_undeliverable! package_disposed package_lost!',
};

/** The named substatus of a status, or the status's usual one; undefined when they do not fit together. */
export function substatusOf(status: TrackingStatusName, code?: string): Substatus | undefined {
  const entries = substatusCodes[status].split(' ');
  const entry = code === undefined ? entries[0] : entries.find((candidate) => candidate.replace('!', '') === code);
  if (entry === undefined) return undefined;
  const plain = entry.replace('!', '');
  return { code: plain, text: `Package status: ${plain.replaceAll('_', ' ')}.`, action_required: entry.endsWith('!') };
}

const usualCourse: TrackingStatusName[] = ['UNKNOWN', 'PRE_TRANSIT', 'TRANSIT', 'DELIVERED'];

/** What usually comes next on a parcel's way; null at its end. */
export const nextStatus = (status: TrackingStatusName): TrackingStatusName | null =>
  usualCourse[usualCourse.indexOf(status) + 1] ?? null;
