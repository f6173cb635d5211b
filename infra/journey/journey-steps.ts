import type { SandboxControl } from '@crossdock/sandbox';
import type { DemoTenant } from './demo-tenant.ts';
import type { GatewayApi, LineageAnswer, OrderAnswer, RevenueReport, SampleReport, ShipmentAnswer } from './gateway-api.ts';
import { GatewayRefusal } from './gateway-api.ts';
import type { HubBooks } from './hub-books.ts';
import { until } from './until.ts';

export interface Journey {
  readonly demo: DemoTenant;
  readonly gateway: GatewayApi;
  readonly sandbox: SandboxControl;
  readonly books: HubBooks;
}

const buyer = { email: 'jordan.rivera@example.com', firstName: 'Jordan', lastName: 'Rivera' };

/** A customer buys in the shop; its webhook is accepted and the order is known. */
export async function receiveOrder({ demo, gateway, sandbox }: Journey): Promise<OrderAnswer> {
  const placed = await sandbox.placeWooCommerceOrder(demo.shop, {
    status: 'processing',
    billing: {
      first_name: buyer.firstName, last_name: buyer.lastName, email: buyer.email, phone: '(415) 555-0132',
      address_1: '1 Market St', city: 'San Francisco', state: 'CA', postcode: '94105', country: 'US',
    },
    line_items: [{ name: 'Cold brew kit', product_id: 17, quantity: 2, total: '58.70' }],
  });
  return until('the order to be known to the gateway', () => gateway.findOrder(demo.tenantId, demo.shopConnectionId, String(placed.id)));
}

/** Contact and deal are in the CRM with the order's values, and the order knows the deal's id. */
export async function syncToCrm({ demo, gateway, sandbox }: Journey, { order, externalId }: { readonly order: OrderAnswer; readonly externalId: string }): Promise<OrderAnswer & { crmOrderId: string }> {
  const synced = await until('the order to carry its CRM id', async () => {
    const found = await gateway.findOrder(demo.tenantId, demo.shopConnectionId, externalId);
    return found?.crmOrderId === undefined ? undefined : { ...found, crmOrderId: found.crmOrderId };
  });
  const contacts = await sandbox.hubSpotRecords(demo.portalId, 'contacts');
  const deals = await sandbox.hubSpotRecords(demo.portalId, 'deals');
  const deal = deals.find(({ id }) => id === synced.crmOrderId);
  verify(contacts.filter(({ properties }) => properties['email'] === buyer.email).length === 1, 'HubSpot must hold the buyer as one contact');
  verify(deals.length === 1 && deal !== undefined, 'HubSpot must hold one deal under the id that the order keeps');
  verify(Number(deal?.properties['amount']) * 100 === order.order.total.amountMinor, "the deal's amount must be the order's total");
  return synced;
}

/** A sample goes to the buyer: its label is bought once. */
export async function shipSample({ demo, gateway, sandbox }: Journey, orderId: string): Promise<ShipmentAnswer & { carrier: string; trackingNumber: string }> {
  const requested = await gateway.requestShipment(demo.tenantId, `sample-${orderId}`, {
    connectionId: demo.shippoConnectionId,
    orderId,
    sample: { contactEmail: buyer.email, campaign: 'spring-tasting', product: 'cold-brew-sample' },
    from: { name: 'Demo Roastery', street1: '215 Clayton St', city: 'San Francisco', state: 'CA', postalCode: '94117', country: 'US' },
    to: { name: 'Jordan Rivera', street1: '1 Market St', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US', email: buyer.email },
    parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 60 },
  });
  const bought = await until('the label to be bought', async () => {
    const { carrier, trackingNumber, ...shipment } = await gateway.findShipment(demo.tenantId, requested.id);
    return carrier !== undefined && trackingNumber !== undefined && { ...shipment, carrier, trackingNumber };
  });
  const labels = await sandbox.shippoTransactions(demo.shippoAccount);
  verify(labels.length === 1, 'exactly one label must have been bought at Shippo');
  return bought;
}

/** The carrier moves the parcel on; each status reaches the shipment by webhook. */
export async function trackShipment(
  { demo, gateway, sandbox }: Journey, { id, carrier, trackingNumber }: ShipmentAnswer & { carrier: string; trackingNumber: string },
  onStatus: (status: string) => void,
): Promise<void> {
  for (const [status, expected] of [['PRE_TRANSIT', 'pre_transit'], ['TRANSIT', 'in_transit'], ['DELIVERED', 'delivered']] as const) {
    await sandbox.advanceShippoTrack(demo.shippoAccount, carrier, trackingNumber, { status });
    await until(`the shipment to be ${expected}`, async () => (await gateway.findShipment(demo.tenantId, id)).status === expected);
    onStatus(expected);
  }
}

/** A person closes the deal as won in HubSpot's own page; the hub fetches what it is now. */
export async function winDeal({ demo, gateway, sandbox }: Journey, dealId: string, externalId: string): Promise<void> {
  await sandbox.editHubSpotRecord(demo.portalId, 'deals', dealId, {
    properties: { dealstage: 'closedwon', closedate: new Date().toISOString() },
  });
  await until('the order to know that its deal is won', async () =>
    (await gateway.findOrder(demo.tenantId, demo.shopConnectionId, externalId))?.crm.dealStatus === 'won');
}

/** The sample gets credit for the deal's whole revenue, as it is the only one before it. */
export async function creditSample({ demo, gateway }: Journey, shipmentId: string, order: OrderAnswer): Promise<SampleReport> {
  const report = await until('the sample to get credit', async () => {
    try {
      const found = await gateway.sampleReport(demo.tenantId, shipmentId);
      return found.totals.length > 0 && found;
    } catch (error) {
      if (error instanceof GatewayRefusal && error.status === 404) return undefined;
      throw error;
    }
  });
  const [total] = report.totals;
  const { total: expected } = order.order;
  verify(total?.amountMinor === expected.amountMinor && total.currency === expected.currency, "the credit must be the order's total");
  return report;
}

const millisecondsPerDay = 86_400_000;

/** The tenant's marketing tool tells what reached the buyer before; by each model the channels share the deal's revenue. */
export async function compareModels({ demo, gateway }: Journey, order: OrderAnswer): Promise<RevenueReport> {
  const daysAgo = (days: number): string => new Date(Date.now() - days * millisecondsPerDay).toISOString();
  await gateway.tellTouches(demo.tenantId, [
    { id: 'visit-1', kind: 'web', contactEmail: buyer.email, occurredAt: daysAgo(9), channel: 'paid search' },
    { id: 'mailing-1', kind: 'campaign', contactEmail: buyer.email, occurredAt: daysAgo(4), channel: 'e-mail', campaign: 'spring-tasting' },
  ]);
  const report = await until('three channels to have credit', async () => {
    const { rows } = await gateway.revenueReport(demo.tenantId);
    const credited = rows.filter(({ credits }) => credits.some(({ revenue }) => revenue.length > 0));
    return credited.length === 3 && { rows: credited };
  });
  const sums = new Map<string, number>();
  for (const { model, revenue } of report.rows.flatMap(({ credits }) => credits)) {
    sums.set(model, (sums.get(model) ?? 0) + (revenue[0]?.amountMinor ?? 0));
  }
  verify(sums.size > 1, 'several models must stand in the report');
  verify([...sums.values()].every((sum) => sum === order.order.total.amountMinor), "by each model the credits must sum to the order's total");
  return report;
}

/** The order's whole way can be shown, and it waits for nothing; the journal hears of events like any other service, a moment later. */
export async function showWay({ demo, gateway }: Journey, orderId: string): Promise<LineageAnswer> {
  return until('the order’s way to be known, and at its end', async () => {
    const lineage = await gateway.lineage(demo.tenantId, orderId);
    const { items, now: { orders } } = lineage;
    const vendors = new Set(items.filter(({ kind }) => kind === 'vendor_call').map(({ vendor }) => vendor));
    const isWhole = items.some(({ kind }) => kind === 'webhook') && items.some(({ kind }) => kind === 'decision') && vendors.has('hubspot') && vendors.has('shippo');
    return isWhole && orders.length === 1 && orders.every(({ waitsFor }) => waitsFor.length === 0) && lineage;
  });
}

/** @throws Error where something is not as the journey promises. */
export function verify(holds: boolean, promise: string): void {
  if (!holds) throw new Error(`The journey did not hold: ${promise}.`);
}
