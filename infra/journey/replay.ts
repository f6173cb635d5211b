import type { Journey } from './journey-steps.ts';
import { until } from './until.ts';

/** All that can be seen of the journey from outside: through the gateway and in the vendors' own books. */
export interface VisibleState {
  readonly order: unknown;
  readonly shipment: unknown;
  readonly report: unknown;
  readonly contacts: number;
  readonly deals: number;
  readonly labels: number;
  /** How often the hub wrote at each vendor. */
  readonly writes: Readonly<Record<string, number>>;
}

export async function readVisibleState({ demo, gateway, sandbox }: Journey, externalId: string, shipmentId: string): Promise<VisibleState> {
  const writes = await Promise.all((['hubspot', 'shippo', 'woocommerce'] as const).map(async (vendor) => {
    const { records } = await sandbox.writes(vendor);
    return [vendor, records.reduce((total, { writes: count }) => total + count, 0)] as const;
  }));
  return {
    order: await gateway.findOrder(demo.tenantId, demo.shopConnectionId, externalId),
    shipment: await gateway.findShipment(demo.tenantId, shipmentId),
    report: await gateway.sampleReport(demo.tenantId, shipmentId),
    contacts: (await sandbox.hubSpotRecords(demo.portalId, 'contacts')).length,
    deals: (await sandbox.hubSpotRecords(demo.portalId, 'deals')).length,
    labels: (await sandbox.shippoTransactions(demo.shippoAccount)).length,
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

/** Waits until nothing of the tenant's is under way any more: no event to be published, no task to be run. */
export async function settle(pendingWork: () => Promise<number>): Promise<void> {
  let quietRounds = 0;
  await until('the work to come to rest', async () => {
    quietRounds = await pendingWork() === 0 ? quietRounds + 1 : 0;
    return quietRounds >= 10;
  });
}
