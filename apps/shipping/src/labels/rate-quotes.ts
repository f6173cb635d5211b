import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import { randomUUID } from 'node:crypto';
import { callPriority } from '@crossdock/rate-budgets';
import { tenantContext } from '@crossdock/tenancy';
import { ShippoClient, type ShippingRate } from '@crossdock/vendor-shippo';
import { Injectable } from '@nestjs/common';
import type { ShipmentRequest } from '../shipments/shipment-request.ts';
import { usableConnection } from '../usable-connection.ts';

/** What carriers ask for a parcel, cheapest first; prices hold for seven days and nothing is bought. */
export interface RateQuotes {
  readonly rates: ReadonlyArray<Pick<ShippingRate, 'carrier' | 'service' | 'price' | 'estimatedDays' | 'test'>>;
}

/** Asks carriers what they would take, while a person waits. */
@Injectable()
export class RateQuoting {
  constructor(private readonly connections: ConnectionStore, private readonly health: ConnectionHealth, private readonly shippo: ShippoClient) {}

  /** @throws Failure `invalid` where no carrier takes the parcel, and the vendor's failures. */
  async quote({ connectionId, from, to, parcel, customs }: ShipmentRequest): Promise<RateQuotes> {
    const connection = await usableConnection(this.connections, tenantContext.require().tenantId, connectionId);
    const { rates } = await callPriority.interactive(() => this.health.watch(connection, () =>
      this.shippo.createShipmentWithRates(connection, { from, to, parcel, customs, reference: `quote ${randomUUID()}` })));
    return { rates: rates.map(({ carrier, service, price, estimatedDays, test }) => ({ carrier, service, price, estimatedDays, test })) };
  }
}
