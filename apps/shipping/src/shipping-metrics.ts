import { Injectable } from '@nestjs/common';
import type { TrackingHistory } from '@crossdock/vendor-shippo';
import { Counter, Registry } from 'prom-client';
import type { Shipment } from './shipments/shipment.entity.ts';

/** What shipping counts beside its tasks and calls. */
@Injectable()
export class ShippingMetrics {
  readonly #labels: Counter<'outcome' | 'kind'>;
  readonly #looks: Counter<'outcome'>;
  readonly #unknownStatuses: Counter;

  constructor(registry: Registry) {
    this.#labels = new Counter({
      name: 'crossdock_shipping_labels_total', labelNames: ['outcome', 'kind'], registers: [registry],
      help: 'Labels that were bought, and shipments that ended without one.',
    });
    this.#looks = new Counter({
      name: 'crossdock_shipping_parcel_looks_total', labelNames: ['outcome'], registers: [registry],
      help: 'Carriers asked about parcels that had gone quiet; news: a webhook was lost or is late.',
    });
    this.#unknownStatuses = new Counter({
      name: 'crossdock_shipping_unknown_statuses_total', registers: [registry],
      help: 'Tracking statuses that the vendor does not document; nothing followed from them.',
    });
  }

  /** A shipment of this kind got its label, or ended without one. */
  label(outcome: 'bought' | 'failed', { kind }: Shipment): void {
    this.#labels.inc({ outcome, kind });
  }

  /** A carrier was asked. */
  looked({ status }: Shipment, { updates, unknownStatuses }: TrackingHistory): void {
    const latest = updates.at(-1)?.status;
    this.#looks.inc({ outcome: latest !== undefined && latest !== status ? 'news' : 'nothing_new' });
    this.#unknownStatuses.inc(unknownStatuses.length);
  }
}
