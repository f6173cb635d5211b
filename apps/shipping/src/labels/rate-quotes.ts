import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import { randomUUID } from 'node:crypto';
import { callPriority } from '@crossdock/rate-budgets';
import { tenantContext } from '@crossdock/tenancy';
import { ShippoClient } from '@crossdock/vendor-shippo';
import { Injectable } from '@nestjs/common';
import { moneySchema } from '@crossdock/contracts';
import { z } from 'zod';
import type { ShipmentRequest } from '../shipments/shipment-request.ts';
import { usableConnection } from '../usable-connection.ts';

/** What carriers ask for a parcel, cheapest first; prices hold for seven days and nothing is bought. */
export const rateQuotesSchema = z.object({
  rates: z.array(z.object({
    carrier: z.string(),
    service: z.string().optional().describe('Shippo’s token of the service, such as `usps_priority`.'),
    price: moneySchema,
    estimatedDays: z.number().optional(),
    test: z.boolean().describe('Of the account’s test mode: a label of it carries nothing.'),
  })).readonly(),
}).meta({ id: 'RateQuotes' });
export type RateQuotes = z.infer<typeof rateQuotesSchema>;

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
