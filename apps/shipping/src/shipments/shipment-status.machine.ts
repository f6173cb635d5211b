import type { ShipmentStatus } from '@crossdock/contracts';

/** Which status may follow which. A delivered parcel stays delivered unless it is returned; a lost one may turn up. */
const followers: Readonly<Record<ShipmentStatus, readonly ShipmentStatus[]>> = {
  requested: ['label_purchased', 'failed', 'voided'],
  label_purchased: ['pre_transit', 'in_transit', 'delivered', 'returned', 'failed', 'voided'],
  pre_transit: ['in_transit', 'delivered', 'returned', 'failed', 'voided'],
  in_transit: ['delivered', 'returned', 'failed'],
  failed: ['requested', 'in_transit', 'delivered', 'returned', 'voided'],
  delivered: ['returned'],
  returned: [],
  // A carrier may take a parcel along although its label was given back.
  voided: ['in_transit', 'delivered', 'returned'],
};

/** Whether a shipment may move from one status to the other. */
export function canFollow(from: ShipmentStatus, to: ShipmentStatus): boolean {
  return followers[from].includes(to);
}

/** Whether nothing more is expected of a carrier. */
export function isAtItsEnd(status: ShipmentStatus): boolean {
  return status === 'delivered' || status === 'returned' || status === 'voided';
}

/** What a carrier said, with the time it happened. */
export interface StatusReport {
  readonly status: ShipmentStatus;
  /** ISO 8601 in UTC with milliseconds, so that text order is time order. */
  readonly occurredAt: string;
}

export interface ShipmentProgress<Report extends StatusReport> {
  readonly status: ShipmentStatus;
  /** The report that brought the status; absent while no report counts. */
  readonly decidedBy?: Report;
  /** When the parcel was first delivered, also where it was returned afterwards. */
  readonly deliveredAt?: string;
}

/**
 * Where a shipment with a label stands after all reports of its carrier, taken in the order in which they happened.
 * The result depends on the set of reports alone: late, repeated and shuffled webhooks lead to the same status, and
 * a further report never takes a shipment back.
 * @param from where it stood before its carrier said anything: `label_purchased`, or `voided` where its label was given back
 */
export function progressAfter<Report extends StatusReport>(
  reports: readonly Report[], from: 'label_purchased' | 'voided' = 'label_purchased',
): ShipmentProgress<Report> {
  return reports.toSorted(byTime).reduce<ShipmentProgress<Report>>((progress, report) => {
    if (!canFollow(progress.status, report.status)) return progress;
    return {
      ...progress,
      status: report.status,
      decidedBy: report,
      ...(report.status === 'delivered' ? { deliveredAt: report.occurredAt } : {}),
    };
  }, { status: from });
}

const travelOrder: readonly ShipmentStatus[] = [
  'requested', 'label_purchased', 'voided', 'pre_transit', 'failed', 'in_transit', 'delivered', 'returned',
];

/** Reports of the same millisecond are taken in the order in which a parcel travels. */
function byTime(a: StatusReport, b: StatusReport): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? -1 : 1;
  return travelOrder.indexOf(a.status) - travelOrder.indexOf(b.status);
}
