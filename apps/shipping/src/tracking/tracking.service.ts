import {
  deterministicId, Failure, shipmentDelivered, trackingUpdated,
  type EventData, type TrackingUpdate, type trackingReceived,
} from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { progressAfter } from '../shipments/shipment-status.machine.ts';
import type { Shipment } from '../shipments/shipment.entity.ts';
import {
  claimParcel, claimShipment, findReports, findShipmentIdOf, keepReport, saveShipment,
} from '../shipments/shipment.repository.ts';
import { tellStatus } from '../shipments/status-news.ts';
import { TrackingReport } from './tracking-report.entity.ts';

/** What became of a report; `kept` waits for its shipment, `stale` was known already. */
export type ReportOutcome = 'applied' | 'kept' | 'stale';

/** Moves shipments by what their carriers report. */
@Injectable()
export class TrackingService {
  readonly #publisher: EventPublisher;

  constructor(publisher: EventPublisher) {
    this.#publisher = publisher;
  }

  /**
   * Takes a report in. One about an unknown tracking number is kept, neither refused nor tried again: it may be early,
   * since Shippo can report before the purchase of the label is recorded here, and then counts as soon as it is; or it
   * is about a parcel that the account sent without us, and then it disturbs nobody.
   * @throws Failure `invalid` where a webhook in test mode speaks of a parcel that is really on its way, or the other way round.
   */
  async takeReport(manager: EntityManager, { connectionId, tracking, test }: EventData<typeof trackingReceived>): Promise<ReportOutcome> {
    const report = reportOf(connectionId, tracking, test);
    await claimParcel(manager, report);
    const shipmentId = await findShipmentIdOf(manager, report);
    const shipment = shipmentId === undefined ? undefined : await claimShipment(manager, shipmentId);
    if (shipment && shipment.test !== null && test !== shipment.test) {
      throw new Failure('invalid', `A ${test ? 'test' : 'live'} report tells of shipment ${shipment.shipmentId}, which is a ${test ? 'live' : 'test'} one.`);
    }
    if (!await keepReport(manager, report)) return 'stale';
    if (!shipment) return 'kept';
    shipment.test ??= test;
    shipment.heardAt = new Date();
    await saveShipment(manager, shipment);
    await this.advance(manager, shipment);
    return 'applied';
  }

  /** Makes others who work on a shipment's parcel wait; claimed before the shipment itself. */
  async claim(manager: EntityManager, { connectionId, carrier, trackingNumber }: Shipment): Promise<void> {
    if (carrier !== null && trackingNumber !== null) await claimParcel(manager, { connectionId, carrier, trackingNumber });
  }

  /** The same for a shipment that is about to follow a parcel. @throws Failure `conflict` where another one follows it already. */
  async claimNew(manager: EntityManager, shipment: Shipment): Promise<void> {
    await this.claim(manager, shipment);
    const { connectionId, carrier, trackingNumber } = shipment;
    const other = carrier === null || trackingNumber === null ? undefined : await findShipmentIdOf(manager, { connectionId, carrier, trackingNumber });
    if (other !== undefined) throw new Failure('conflict', `Shipment ${other} has this tracking number at ${carrier} already.`);
  }

  /** Brings a claimed shipment to where its reports say it is, and says so where that is further than before. */
  async advance(manager: EntityManager, shipment: Shipment): Promise<void> {
    const reports = (await findReports(manager, shipment)).map((report) => ({ ...trackingOf(report), reportId: report.reportId }));
    const { status, decidedBy, deliveredAt } = progressAfter(reports, shipment.refund && shipment.refund.state !== 'asked' ? 'voided' : 'label_purchased');
    const previousStatus = shipment.status;
    const isNewlyDelivered = deliveredAt !== undefined && shipment.deliveredAt === null;
    if (status === previousStatus && !isNewlyDelivered) return;

    if (status !== previousStatus && decidedBy) {
      shipment.status = status;
      shipment.statusSince = new Date(decidedBy.occurredAt);
    }
    if (isNewlyDelivered) shipment.deliveredAt = new Date(deliveredAt);
    await saveShipment(manager, shipment);
    const subject = `shipment/${shipment.shipmentId}`;
    if (status !== previousStatus && decidedBy) {
      const { reportId, ...tracking } = decidedBy;
      await this.#publisher.publish(manager, trackingUpdated, {
        subject,
        id: deterministicId('shipping.tracking.updated', shipment.shipmentId, reportId),
        data: { ...shipmentFacts(shipment), previousStatus, tracking },
      });
      await tellStatus(manager, this.#publisher, shipment);
    }
    if (isNewlyDelivered) {
      await this.#publisher.publish(manager, shipmentDelivered, {
        subject,
        id: deterministicId('shipping.shipment.delivered', shipment.shipmentId),
        data: { ...shipmentFacts(shipment), deliveredAt },
      });
    }
  }
}

/** What every event about a shipment says. */
export function shipmentFacts({ shipmentId, status, orderId, sample, returnOf }: Shipment) {
  return { shipmentId, status, ...(orderId !== null && { orderId }), ...(sample && { sample }), ...(returnOf !== null && { returnOf }) };
}

function reportOf(connectionId: string, tracking: TrackingUpdate, test: boolean): TrackingReport {
  const { tenantId } = tenantContext.require();
  const { carrier, trackingNumber, status, substatus, actionRequired, occurredAt } = tracking;
  return Object.assign(new TrackingReport(), {
    reportId: deterministicId('tracking', tenantId, connectionId, carrier, trackingNumber, status, substatus ?? '', occurredAt, String(test)),
    tenantId, connectionId, carrier, trackingNumber, status, substatus: substatus ?? null, actionRequired: actionRequired ?? null, occurredAt: new Date(occurredAt), test,
  });
}

function trackingOf({ carrier, trackingNumber, status, substatus, actionRequired, occurredAt }: TrackingReport): TrackingUpdate {
  return {
    carrier, trackingNumber, status, ...(substatus !== null && { substatus }), ...(actionRequired !== null && { actionRequired }),
    occurredAt: occurredAt.toISOString(),
  };
}
