import type { Journey } from './journey-steps.ts';

/** All that can be seen of the journey from outside: through the gateway and in the vendors' own books. */
export interface VisibleState {
  readonly order: unknown;
  readonly shipment: unknown;
  readonly report: unknown;
  readonly contacts: number;
  readonly deals: number;
  readonly labels: number;
  readonly acceptedWebhooks: number;
  /** How often the hub wrote at each vendor. */
  readonly writes: Readonly<Record<string, number>>;
}

export async function readVisibleState({ demo, gateway, sandbox, books }: Journey, externalId: string, shipmentId: string): Promise<VisibleState> {
  const accounts = { hubspot: String(demo.portalId), shippo: demo.shippoAccount, woocommerce: demo.shop } as const;
  const writes = await Promise.all((['hubspot', 'shippo', 'woocommerce'] as const).map(async (vendor) => {
    const { records } = await sandbox.writes(vendor);
    const own = records.filter(({ account }) => account === accounts[vendor]);
    return [vendor, own.reduce((total, { created, updated, unchanged, deleted }) => total + created + updated + unchanged + deleted, 0)] as const;
  }));
  return {
    order: await gateway.findOrder(demo.tenantId, demo.shopConnectionId, externalId),
    shipment: await gateway.findShipment(demo.tenantId, shipmentId),
    report: await gateway.sampleReport(demo.tenantId, shipmentId),
    contacts: (await sandbox.hubSpotRecords(demo.portalId, 'contacts')).length,
    deals: (await sandbox.hubSpotRecords(demo.portalId, 'deals')).length,
    labels: (await sandbox.shippoTransactions(demo.shippoAccount)).length,
    acceptedWebhooks: await books.acceptedWebhooks(demo.tenantId),
    writes: Object.fromEntries(writes),
  };
}

/**
 * Sends every webhook of the journey again, `times` times, in an order that changes with each round.
 * @returns how many were sent; all were answered 200.
 */
export async function resendWebhooks({ sandbox }: Journey, times: number): Promise<number> {
  const firsts = (await sandbox.waitUntilSettled()).filter(({ status }) => status === 200);
  const rounds = Array.from({ length: times }, (_, round) => (round % 2 === 0 ? firsts.toReversed() : interleaved(firsts)));
  for (const round of rounds) {
    for (const { id } of round) {
      const again = await sandbox.redeliver(id);
      if (again.status !== 200) throw new Error(`A repeated webhook was answered ${String(again.status)}.`);
    }
  }
  return firsts.length * times;
}

/** Every second one first, then the others: neither the first order nor its reverse. */
function interleaved<Item>(items: readonly Item[]): Item[] {
  return [...items.filter((_, index) => index % 2 === 1), ...items.filter((_, index) => index % 2 === 0)];
}
