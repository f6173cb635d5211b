import { crmUpsertRequested, orderReceived } from '@crossdock/contracts';
import { z } from 'zod';
import { readEvents, type SaidEvent } from '../bus/read-events.ts';
import { latencyOf } from '../series.ts';

/** What an order's journey passes, as the hub's own events tell it. */
interface Passed {
  number?: string;
  received?: SaidEvent;
  asked?: SaidEvent;
}

const orderSchema = z.object({ externalId: z.string().optional() });

/** Divides the journey's time over its hops, afterwards, by the times that the events on Kafka carry; measuring costs nothing meanwhile. */
export class HopClock {
  readonly #brokers: string;
  readonly #topicPrefix: string;
  readonly #acceptedAtMs = new Map<string, number>();
  readonly #seenAtMs = new Map<string, number>();

  constructor(brokers: string, topicPrefix: string) {
    this.#brokers = brokers;
    this.#topicPrefix = topicPrefix;
  }

  /** Remembers when orders, by their number, were accepted and when their deals came; milliseconds since the epoch. */
  take(acceptedAtMs: ReadonlyMap<string, number>, seenAtMs: ReadonlyMap<string, number>): void {
    for (const [id, ms] of acceptedAtMs) this.#acceptedAtMs.set(id, ms);
    for (const [id, ms] of seenAtMs) this.#seenAtMs.set(id, ms);
  }

  /** A line a hop, over all orders that were sent. */
  async describe(): Promise<string[]> {
    const hops = new Map<string, number[]>();
    const add = (hop: string, ms: number): void => void hops.set(hop, [...hops.get(hop) ?? [], ms]);
    for (const { number = '', received, asked } of await this.#readJourneys()) {
      const [acceptedMs, seenMs] = [this.#acceptedAtMs.get(number), this.#seenAtMs.get(number)];
      if (acceptedMs === undefined || seenMs === undefined || !received || !asked) continue;
      add('200 → order on its way to Kafka (relay)', received.sentMs - acceptedMs);
      add('Kafka → orders asks the CRM (inbox)', asked.saidMs - received.sentMs);
      add('asked → request on its way to Kafka (commit, relay)', asked.sentMs - asked.saidMs);
      add('Kafka → deal in HubSpot (inbox, task, contact, deal)', seenMs - asked.sentMs);
    }
    return [...hops].map(([hop, times]) => {
      const { p50Ms, p99Ms } = latencyOf(times);
      return `${hop}: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`;
    });
  }

  async #readJourneys(): Promise<Iterable<Passed>> {
    const journeys = new Map<string, Passed>();
    await readEvents(this.#brokers, this.#topicPrefix, [orderReceived, crmUpsertRequested], (event) => {
      const passed = journeys.get(event.correlationId) ?? {};
      if (event.type === crmUpsertRequested.type) passed.asked ??= event;
      else [passed.received, passed.number] = [event, orderSchema.parse(event.data).externalId ?? ''];
      journeys.set(event.correlationId, passed);
    });
    return journeys.values();
  }
}
