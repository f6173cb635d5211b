import type { Measurement } from '../bench.ts';
import { runPaced } from '../load/paced.ts';
import { latencyOf } from '../series.ts';
import type { JourneyTenant } from '../servers/journey-tenants.ts';
import { type PacedOrders, tenantOf } from './paced-orders.ts';

/** What the hub does in the end, without it: an order's contact and then its deal. */
export class DirectUpserts {
  readonly #sandboxUrl: string;

  constructor(sandboxUrl: string) {
    this.#sandboxUrl = sandboxUrl;
  }

  /** @throws Error where HubSpot's stand-in refuses a call. */
  async run(orders: PacedOrders): Promise<Measurement> {
    const { firstId, count, perSecond } = orders;
    const latencies: number[] = [];
    const startedMs = performance.now();
    await runPaced({
      count, perSecond,
      work: async (index) => {
        const [tenant, id] = [tenantOf(orders, index), firstId + index];
        const sentMs = performance.now();
        await this.#upsert(tenant, 'contacts', { idProperty: 'email', id: `direct-${id}@example.com`, properties: { firstname: 'Jordan', lastname: 'Rivera' } });
        await this.#upsert(tenant, 'deals', { idProperty: 'crossdock_external_id', id: `direct-${id}`, properties: { dealname: `Direct ${id}`, amount: '58.70' } });
        latencies.push(performance.now() - sentMs);
      },
    });
    return { count, seconds: (performance.now() - startedMs) / 1_000, latency: latencyOf(latencies) };
  }

  async #upsert({ accessToken }: JourneyTenant, type: string, input: object): Promise<void> {
    const answer = await fetch(`${this.#sandboxUrl}/hubspot/crm/v3/objects/${type}/batch/upsert`, {
      method: 'POST', headers: { 'authorization': `Bearer ${accessToken}`, 'content-type': 'application/json' }, body: JSON.stringify({ inputs: [input] }),
    });
    if (!answer.ok) throw new Error(`HubSpot's stand-in answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  }
}
