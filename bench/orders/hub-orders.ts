import { setTimeout as wait } from 'node:timers/promises';
import type { SandboxControl } from '@crossdock/sandbox';
import type { Client } from 'pg';
import type { Measurement } from '../bench.ts';
import type { JourneyTenant } from '../servers/journey-tenants.ts';
import { until } from '../../infra/journey/until.ts';
import { latencyOf } from '../series.ts';
import { buyIn } from './bench-shop.ts';
import { OrderSteps } from './order-steps.ts';

const lookEveryMs = 200;
/** A machine that is too slow makes orders late; one that is lost never comes, so that at some time nothing comes any more. */
const nothingComesMs = 30_000;
/** Customers who buy at once. */
const buyersAtOnce = 8;
/** Orders of a shop that are under way: bought, and not known yet what the CRM made of them. When there are fewer, other customers buy. */
const mostUnderWayOfShop = 80;

interface Progress {
  readonly taken: number;
  readonly atCrm: number;
  readonly toldBack: number;
}

/** Orders that customers place in shops, followed through the hub to the CRM and back. */
export class HubOrders {
  readonly #sandbox: SandboxControl;
  readonly #tenants: readonly JourneyTenant[];
  readonly #database: Client;
  readonly #steps: OrderSteps;

  constructor(sandbox: SandboxControl, tenants: readonly JourneyTenant[], database: Client) {
    this.#sandbox = sandbox;
    this.#tenants = tenants;
    this.#database = database;
    this.#steps = new OrderSteps(database);
  }

  /** A line a step, over all orders of all rounds. */
  describe(): string[] {
    return this.#steps.describe();
  }

  /**
   * From the first purchase until the hub knows of every order what the CRM made of it.
   * @throws Error where an order is lost, or has more than one deal.
   */
  async run(count: number): Promise<Measurement> {
    const since = new Date();
    const startedMs = performance.now();
    let bought = 0;
    await this.#untilToldBack(since, count, async (toldBack) => {
      const due = Math.min(count, toldBack + this.#tenants.length * mostUnderWayOfShop);
      if (due > bought) bought = await this.#buy(bought, due);
    });
    const seconds = (performance.now() - startedMs) / 1_000;
    await this.#checkDeals();
    return { count, seconds, latency: latencyOf(await this.#steps.take(since)) };
  }

  /**
   * The calls to vendors that one order leads to, which comes alone to accounts that the hub knows: by the names of its own record.
   * @param expected it is waited for a while until there are as many, since calls are recorded moments later
   */
  async callsOfOne(expected: number): Promise<string[]> {
    // With the first order of an account the hub asks what fields there are.
    for (const [index] of this.#tenants.entries()) await this.#buy(index, index + 1);
    await this.#untilToldBack(new Date(0), this.#tenants.length);
    const since = new Date();
    await this.#buy(0, 1);
    await this.#untilToldBack(since, 1);
    const read = async (): Promise<string[]> => {
      const { rows } = await this.#database.query<{ operation: string }>(
        `WITH correlation AS (
           SELECT DISTINCT correlation_id::text AS id FROM orders.order_decision JOIN orders.customer_order USING (order_id) WHERE customer_order.created_at >= $1
         )
         SELECT operation FROM connections.vendor_call AS call
         WHERE correlation_id IN (SELECT id FROM correlation)
           OR EXISTS (SELECT FROM connections.vendor_call_cause AS cause JOIN correlation ON correlation.id = cause.correlation_id WHERE cause.call_id = call.id)
         ORDER BY started_at`, [since]);
      return rows.map(({ operation }) => operation);
    };
    await until(`${expected} calls for an order to be recorded`, async () => (await read()).length >= expected).catch(() => undefined);
    return read();
  }

  /** Has customers buy, in each shop in turn, until so many orders are placed. @returns how many that are. */
  async #buy(placed: number, due: number): Promise<number> {
    let next = placed;
    await Promise.all(Array.from({ length: buyersAtOnce }, async () => {
      while (next < due) {
        const tenant = this.#tenants[next % this.#tenants.length];
        next += 1;
        if (tenant) await buyIn(this.#sandbox, tenant.shop);
      }
    }));
    return due;
  }

  /** @param onLook told now and then how many orders are through. */
  async #untilToldBack(since: Date, count: number, onLook: (toldBack: number) => Promise<void> = () => Promise.resolve()): Promise<void> {
    let [most, movedMs] = [0, performance.now()];
    for (;;) {
      const { taken, atCrm, toldBack } = await this.#progress(since);
      if (toldBack === count) return;
      if (taken + atCrm + toldBack > most) [most, movedMs] = [taken + atCrm + toldBack, performance.now()];
      if (performance.now() - movedMs > nothingComesMs) {
        throw new Error(`Of ${count} orders ${taken} were taken in, ${atCrm} are at the CRM and ${toldBack} were told back; for ${nothingComesMs / 1_000} s nothing moved.`);
      }
      await onLook(toldBack);
      await wait(lookEveryMs);
    }
  }

  async #progress(since: Date): Promise<Progress> {
    const { rows: [row] } = await this.#database.query<Progress>(
      `SELECT count(*)::int AS taken, count(crm_order_id)::int AS "atCrm",
         count(*) FILTER (WHERE crm_order_id IS NOT NULL AND deal_modified_at IS NOT NULL)::int AS "toldBack"
       FROM orders.customer_order WHERE created_at >= $1`, [since]);
    return row ?? { taken: 0, atCrm: 0, toldBack: 0 };
  }

  /** Every order of every shop has one deal. */
  async #checkDeals(): Promise<void> {
    for (const { portalId, shop } of this.#tenants) {
      const [orders, deals] = [await this.#sandbox.wooCommerceOrders(shop), await this.#sandbox.hubSpotRecords(portalId, 'deals')];
      const keys = new Set(deals.map(({ properties }) => properties['crossdock_external_id']));
      if (orders.length !== deals.length || keys.size !== deals.length) throw new Error(`Shop ${shop} has ${orders.length} orders and ${deals.length} deals, ${keys.size} of them different.`);
    }
  }
}
