import type { TopicPartitionOffsetAndMetadata } from 'kafkajs';

/** How long what has come to its end may wait for the broker to be told, who writes it down each time. */
const commitEveryMs = 1_000;

/**
 * Tells the broker how far partitions have come: for all of them in one request, once a second. What is lost of
 * it comes again and is recognised by the inbox.
 */
export class OffsetCommits {
  readonly #commit: (offsets: TopicPartitionOffsetAndMetadata[]) => Promise<void>;
  readonly #pending = new Map<string, TopicPartitionOffsetAndMetadata>();
  #timer: NodeJS.Timeout | undefined;

  /** @param commit tells the broker; where it fails, nothing is tried again. */
  constructor(commit: (offsets: TopicPartitionOffsetAndMetadata[]) => Promise<void>) {
    this.#commit = commit;
  }

  /** All messages of the partition up to this one have come to their end. */
  passed(topic: string, partition: number, offset: string): void {
    this.#pending.set(`${topic}/${partition}`, { topic, partition, offset: String(BigInt(offset) + 1n) });
    this.#timer ??= setTimeout(() => void this.flush(), commitEveryMs);
  }

  /** Tells at once what has not been told yet. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const offsets = [...this.#pending.values()];
    this.#pending.clear();
    if (offsets.length > 0) await this.#commit(offsets).catch(() => undefined);
  }

  /** Partitions have been dealt anew: what is known of them may be another consumer's to tell. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending.clear();
  }
}
