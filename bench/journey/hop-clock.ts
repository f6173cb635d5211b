import { crmUpsertRequested, orderReceived } from '@crossdock/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { z } from 'zod';
import { latencyOf } from '../series.ts';

const quietMs = 1_000;

/** An event of a journey: what of it tells the time. `saidMs` is when the service wrote it, `sentMs` when its relay sent it. */
interface Said {
  readonly saidMs: number;
  readonly sentMs: number;
}

/** What an order's journey passes, as the hub's own events tell it. */
interface Passed {
  number?: string;
  received?: Said;
  asked?: Said;
}

const envelopeSchema = z.object({
  type: z.string(), time: z.string(), correlationid: z.string(), data: z.object({ externalId: z.string().optional() }),
});

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
    const consumer = new Kafka({ brokers: this.#brokers.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId: `${this.#topicPrefix}hop-clock` });
    await consumer.connect();
    await consumer.subscribe({ topics: [orderReceived, crmUpsertRequested].map(({ type }) => this.#topicPrefix + type), fromBeginning: true });
    const end = Promise.withResolvers<undefined>();
    let timer: NodeJS.Timeout | undefined;
    await consumer.run({
      eachMessage: async ({ message }) => {
        clearTimeout(timer);
        timer = setTimeout(() => end.resolve(undefined), quietMs);
        const { type, time, correlationid, data } = envelopeSchema.parse(JSON.parse(message.value?.toString() ?? ''));
        const passed = journeys.get(correlationid) ?? {};
        const said = { saidMs: Date.parse(time), sentMs: Number(message.timestamp) };
        if (type === crmUpsertRequested.type) passed.asked ??= said;
        else [passed.received, passed.number] = [said, data.externalId ?? ''];
        journeys.set(correlationid, passed);
      },
    });
    await end.promise;
    await consumer.disconnect();
    return journeys.values();
  }
}
