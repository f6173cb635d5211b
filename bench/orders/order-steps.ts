import type { Client } from 'pg';
import { latencyOf } from '../series.ts';

/** What an order's timeline tells the time of, in the order in which it comes about. */
const steps = [
  ['received', 'taken in, and the CRM asked'], ['crm_upserted', 'deal made, and known here'], ['shop_written', 'the deal’s id in the shop'],
  ['deal_told', 'deal told back and taken in'],
] as const;
type Step = (typeof steps)[number][0];

interface Row {
  readonly step: Step;
  /** From the accepted webhook. */
  readonly ms: number;
}

/** How long after its webhook each step of an order came about, out of the orders' own timelines; measuring costs nothing meanwhile. */
export class OrderSteps {
  readonly #database: Client;
  readonly #times = new Map<Step, number[]>();

  constructor(database: Client) {
    this.#database = database;
  }

  /** Reads the orders that were taken in since a time. @returns the whole way of each, in milliseconds. */
  async take(since: Date): Promise<number[]> {
    const { rows } = await this.#database.query<Row>(
      `SELECT kind AS step, (extract(epoch FROM min(decided_at) - arrival.at) * 1000)::float8 AS ms
       FROM orders.customer_order
       JOIN LATERAL (
         SELECT (detail ->> 'receivedAt')::timestamptz AS at FROM orders.order_decision AS first
         WHERE first.order_id = customer_order.order_id AND first.kind = 'received' ORDER BY decision_id LIMIT 1
       ) AS arrival ON true
       JOIN orders.order_decision USING (order_id)
       WHERE customer_order.created_at >= $1 AND kind = ANY($2) GROUP BY order_id, kind, arrival.at`, [since, steps.map(([step]) => step)]);
    for (const { step, ms } of rows) this.#times.set(step, [...this.#times.get(step) ?? [], ms]);
    return rows.filter(({ step }) => step === 'deal_told').map(({ ms }) => ms);
  }

  /** A line a step, over all orders that were read. */
  describe(): string[] {
    return steps.flatMap(([step, name]) => {
      const times = this.#times.get(step);
      if (!times) return [];
      const { p50Ms, p99Ms } = latencyOf(times);
      return [`${name}: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms after the webhook`];
    });
  }
}
