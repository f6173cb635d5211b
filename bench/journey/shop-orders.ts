import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { SandboxControl } from '@crossdock/sandbox';
import type { Measurement } from '../bench.ts';
import { runPaced } from '../load/paced.ts';
import { orderBody } from '../load/signed-order.ts';
import { latencyOf } from '../series.ts';
import type { HopClock } from './hop-clock.ts';
import { type PacedOrders, tenantOf } from './paced-orders.ts';

const lookEveryMs = 1_000;
/** A machine that is too slow makes orders late; one that is lost never comes, so that at some time nothing comes any more. */
const nothingComesMs = 30_000;

/** Orders that shops send, followed to their deals in HubSpot. */
export class ShopOrders {
  readonly #sandbox: SandboxControl;
  readonly #hops: HopClock;

  constructor(sandbox: SandboxControl, hops: HopClock) {
    this.#sandbox = sandbox;
    this.#hops = hops;
  }

  /** @throws Error where a webhook is refused, or an accepted order is lost; however late the others are, their times are the result. */
  async run(orders: PacedOrders): Promise<Measurement> {
    const acceptedAtMs = new Map<string, number>();
    const startedMs = performance.now();
    await runPaced({
      ...orders,
      work: async (index) => {
        const id = orders.firstId + index;
        await this.#send(orders, index, id);
        // The vendor's clock tells milliseconds since the epoch: so must ours.
        acceptedAtMs.set(String(id), performance.timeOrigin + performance.now());
      },
    });
    const seconds = (performance.now() - startedMs) / 1_000;
    const seenAtMs = await this.#untilSeen(orders, [...acceptedAtMs.keys()]);
    this.#hops.take(acceptedAtMs, seenAtMs);
    const latencies = [...acceptedAtMs].map(([id, ms]) => Math.max(0, (seenAtMs.get(id) ?? Number.NaN) - ms));
    return { count: orders.count, seconds, latency: latencyOf(latencies) };
  }

  async #send(orders: PacedOrders, index: number, id: number): Promise<void> {
    const { webhookUrl, secret } = tenantOf(orders, index);
    const body = orderBody(id);
    const answer = await fetch(webhookUrl, {
      method: 'POST', body,
      headers: {
        'content-type': 'application/json', 'x-wc-webhook-topic': 'order.created', 'x-wc-webhook-delivery-id': String(id),
        'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
      },
    });
    if (answer.status !== 200) throw new Error(`A webhook was answered ${answer.status}.`);
    await answer.arrayBuffer();
  }

  /** Looks seldom, and only when the load is over: each look reads all deals, and what is looked at is being measured. */
  async #untilSeen(orders: PacedOrders, ids: readonly string[]): Promise<Map<string, number>> {
    let [fewestMissing, movedMs] = [ids.length, performance.now()];
    for (;;) {
      await wait(lookEveryMs);
      const seen = await this.#readDeals(orders);
      const missing = ids.filter((id) => !seen.has(id)).length;
      if (missing === 0) return seen;
      if (missing < fewestMissing) [fewestMissing, movedMs] = [missing, performance.now()];
      if (performance.now() - movedMs > nothingComesMs) {
        throw new Error(`${missing} of ${ids.length} accepted orders are not in HubSpot, and for ${nothingComesMs / 1_000} s no more came.`);
      }
    }
  }

  /** When each order's deal was made in HubSpot, in milliseconds since the epoch, by the order's number. */
  async #readDeals({ tenants }: PacedOrders): Promise<Map<string, number>> {
    const seen = new Map<string, number>();
    for (const { portalId } of tenants) {
      for (const { properties, createdAt } of await this.#sandbox.hubSpotRecords(portalId, 'deals')) {
        const [, number] = /^(?!Direct).*?(\d+)$/.exec(String(properties['dealname'])) ?? [];
        if (number !== undefined) seen.set(number, Date.parse(createdAt));
      }
    }
    return seen;
  }
}
