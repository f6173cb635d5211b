import { Gauge, type Registry } from 'prom-client';

/** What one partition holds for the consumer, as its last fetch said. */
interface PartitionLag {
  /** Offset behind the newest message. */
  readonly end: bigint;
  /** Offset of the first message that has not come to its end. */
  next: bigint;
  /** When that message was written, or the last one that is known before it; in ms. */
  writtenAtMs: number;
}

/**
 * How far a consumer is behind, by what its own fetches tell: nobody is asked for it. Of a message in hand that does not
 * come to its end the age grows. A consumer that does not fetch at all is replaced by the stall watch, and one that does
 * not run has no lag to tell.
 */
export class ConsumerLag {
  readonly #topics = new Map<string, Map<number, PartitionLag>>();

  constructor(consumer: string, registry: Registry, now: () => number = Date.now) {
    const topics = this.#topics;
    new Gauge({
      name: 'crossdock_consumer_lag_messages', help: 'Messages of a topic that this process has fetched or knows of and that have not come to their end.',
      labelNames: ['consumer', 'topic'], registers: [registry],
      collect() {
        this.reset();
        for (const [topic, partitions] of topics) this.set({ consumer, topic }, [...partitions.values()].reduce((sum, lag) => sum + messagesOf(lag), 0));
      },
    });
    new Gauge({
      name: 'crossdock_consumer_lag_seconds', help: 'Age of the oldest message of a topic that this process has fetched or knows of and that has not come to its end; 0 where there is none.',
      labelNames: ['consumer', 'topic'], registers: [registry],
      collect() {
        this.reset();
        for (const [topic, partitions] of topics) this.set({ consumer, topic }, Math.max(0, ...[...partitions.values()].map((lag) => secondsOf(lag, now()))));
      },
    });
  }

  /** @param end the partition's high watermark */
  fetched(topic: string, partition: number, { end, first }: { readonly end: string; readonly first: { readonly offset: string; readonly timestamp: string } }): void {
    const partitions = this.#topics.get(topic) ?? new Map<number, PartitionLag>();
    this.#topics.set(topic, partitions);
    partitions.set(partition, { end: BigInt(end), next: BigInt(first.offset), writtenAtMs: Number(first.timestamp) });
  }

  /** All up to the message `last` have come to their end; `next` follows it in the same fetch. */
  passed(topic: string, partition: number, last: { readonly offset: string; readonly timestamp: string }, next = last): void {
    const lag = this.#topics.get(topic)?.get(partition);
    if (!lag) return;
    lag.next = BigInt(last.offset) + 1n;
    lag.writtenAtMs = Number(next.timestamp);
  }

  /** The partitions have been dealt anew: others tell of those that went to them. */
  forget(): void {
    for (const partitions of this.#topics.values()) partitions.clear();
  }
}

function messagesOf({ end, next }: PartitionLag): number {
  return end > next ? Number(end - next) : 0;
}

function secondsOf(lag: PartitionLag, nowMs: number): number {
  return messagesOf(lag) === 0 ? 0 : Math.max(0, nowMs - lag.writtenAtMs) / 1_000;
}
