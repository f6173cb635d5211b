import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { Failure } from '@crossdock/contracts';
import { runByKey } from '../run-by-key.ts';
import { advance, type ReplayCheckpoint, type ReplayOutcome } from './replay-checkpoint.ts';
import type { ReplayEvent } from './replay-event.ts';
import { isOpen, type PartitionRange } from './replay-range.ts';

/** Whoever runs a replay: keeps its checkpoints and may end it. */
export interface ReplayRun {
  readonly signal: AbortSignal;
  saveCheckpoint(checkpoint: ReplayCheckpoint): Promise<void>;
}

const concurrentKeys = 8;
const heartbeatMs = 1_000;
/** Without progress for so long the reading is given up; the next one goes on from the checkpoint. */
const stallMs = 60_000;

/** Reads the open ranges of one topic to their ends, a checkpoint after each batch. */
export class ReplayReader {
  readonly #topic: string;
  readonly #event: ReplayEvent;
  readonly #run: ReplayRun;
  readonly #end = Promise.withResolvers<ReplayCheckpoint>();
  #checkpoint: ReplayCheckpoint;
  #stall: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: { readonly topic: string; readonly event: ReplayEvent; readonly run: ReplayRun; readonly checkpoint: ReplayCheckpoint }) {
    this.#topic = options.topic;
    this.#event = options.event;
    this.#run = options.run;
    this.#checkpoint = options.checkpoint;
  }

  /** @throws what ended it before the end of the ranges: the signal's reason, a fault of Kafka or the database. */
  async read(consumer: Consumer): Promise<ReplayCheckpoint> {
    const { signal } = this.#run;
    const abort = (): void => this.#end.reject(signal.reason);
    signal.addEventListener('abort', abort);
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#end.reject(payload.error));
    this.#end.promise.catch(() => undefined); // it may end before it is waited for
    this.#watch();
    try {
      signal.throwIfAborted();
      await consumer.subscribe({ topics: [this.#topic], fromBeginning: false });
      consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => this.#takeBatch(payload) })
        .catch((error: unknown) => this.#end.reject(error));
      for (const { partition, next } of this.#checkpoint.ranges) consumer.seek({ topic: this.#topic, partition, offset: next });
      return await this.#end.promise;
    } finally {
      this.#isOver = true;
      clearTimeout(this.#stall);
      signal.removeEventListener('abort', abort);
    }
  }

  async #takeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const range = this.#checkpoint.ranges.find(({ partition }) => partition === batch.partition);
    if (!range || !isOpen(range)) return void payload.pause();
    try {
      const outcomes = await this.#applyAll(payload, range);
      if (!outcomes) return; // given up; the checkpoint says where to go on
      this.#checkpoint = advance(this.#checkpoint, range.partition, String(BigInt(batch.lastOffset()) + 1n), outcomes);
      await this.#run.saveCheckpoint(this.#checkpoint);
      payload.resolveOffset(batch.lastOffset());
      this.#watch();
      if (!this.#checkpoint.ranges.some(isOpen)) this.#end.resolve(this.#checkpoint);
    } catch (error) {
      this.#end.reject(error);
    }
  }

  /** @returns undefined where not all messages came to an end. */
  async #applyAll(payload: EachBatchPayload, range: PartitionRange): Promise<ReplayOutcome[] | undefined> {
    const { batch: { topic, partition, messages } } = payload;
    const wanted = messages.filter(({ offset }) => BigInt(offset) >= BigInt(range.next) && BigInt(offset) < BigInt(range.end));
    const outcomes: ReplayOutcome[] = [];
    const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), heartbeatMs);
    try {
      const done = await runByKey(wanted, {
        keyOf,
        concurrency: concurrentKeys,
        isCancelled: () => this.#run.signal.aborted || !payload.isRunning() || payload.isStale(),
        run: async (message) => {
          outcomes.push(await this.#event.apply({ topic, partition, offset: message.offset, key: keyOf(message), value: message.value }));
          return true;
        },
      });
      return done.length === wanted.length ? outcomes : undefined;
    } finally {
      clearInterval(beat);
    }
  }

  #watch(): void {
    clearTimeout(this.#stall);
    if (this.#isOver) return; // a batch that was under way ends later
    this.#stall = setTimeout(
      () => this.#end.reject(new Failure('transient', `Nothing was read of ${this.#topic} for ${stallMs} ms.`)), stallMs);
  }
}

function keyOf({ key }: KafkaMessage): string {
  return key?.toString() ?? '';
}
