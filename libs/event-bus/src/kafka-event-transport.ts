import { setTimeout as wait } from 'node:timers/promises';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Server } from '@nestjs/microservices';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import { olderTypesOf } from '@crossdock/contracts';
import { ConsumePace } from './consume-pace.ts';
import { reach } from './crash-points.ts';
import { EventHandlers } from './event-handlers.ts';
import type { EventProcessor } from './event-processor.ts';
import { OffsetCommits } from './offset-commits.ts';
import type { ReceivedMessage } from './received-message.ts';
import { StallWatch } from './stall-watch.ts';

const heartbeatMs = 1_000;
const reconnectMs = 2_000;
/** So that one that ends at once is not replaced without a pause. */
const replacePauseMs = 500;
/** Partitions whose batches are worked on side by side: what comes of many shares transactions. */
const concurrentPartitions = 64;
/** A consumer asks for messages several times a second, also where there are none; see kafkajs#659 for one that stops asking. */
const defaultStallMs = 60_000;
/** For how long Kafka keeps a question open where there is nothing; a message is told at once. A consumer that leaves waits for the answer. */
const idleFetchMs = 500;
/** As much of a partition as is fetched at once: some thousand events, so that a transaction may be as large as it should. */
const fetchBytes = 2_097_152;
/** A topic that was given more partitions is noticed after this time; until then nobody reads the new ones. */
const metadataMaxAgeMs = 10_000;
/** Joining is waiting for all members of the group to finish what they have in hand; meanwhile none of them asks. */
const rebalanceTimeoutMs = 15_000;
/** A consumer that has fallen silent may be silent when it is asked to leave, too. */
const leaveDeadlineMs = 5_000;

/**
 * Brings Kafka's facts to ordinary `@EventPattern` (here `@OnEvent`) handlers. A batch is worked off in chunks, each one
 * transaction, which partitions share; offsets are committed only after the transactions of all messages before them.
 */
export class KafkaEventTransport extends Server implements CustomTransportStrategy {
  /** Failures come back to this class, which decides between retry and dead letter; the framework must not log them away. */
  override readonly propagatesEventHandlerErrors = true;

  readonly #kafka: Pick<Kafka, 'consumer'>;
  readonly #group: string;
  readonly #topicPrefix: string;
  readonly #processor: EventProcessor;
  readonly #handlers = new EventHandlers(this);
  readonly #log: Logger;
  readonly #watch: StallWatch;
  readonly #pace: ConsumePace;
  readonly #offsets = new OffsetCommits(async (offsets) => await this.#consumer?.commitOffsets(offsets));
  #consumer: Consumer | undefined;
  #batchesUnderWay = 0;
  #stopping = false;
  #joining: Promise<void> | undefined;

  constructor(options: {
    readonly kafka: Pick<Kafka, 'consumer'>;
    readonly group: string;
    readonly topicPrefix: string;
    readonly processor: EventProcessor;
    readonly logger: Logger;
    /** For how long messages gather while they come quickly, so that more of them share a transaction. */
    readonly gatherMs?: number | undefined;
    /** After how long a consumer that asks for nothing is replaced. */
    readonly stallMs?: number;
  }) {
    super();
    this.#kafka = options.kafka;
    this.#group = options.group;
    this.#topicPrefix = options.topicPrefix;
    this.#pace = new ConsumePace(options.gatherMs);
    this.#processor = options.processor;
    this.#log = options.logger;
    this.#watch = new StallWatch({
      stallMs: options.stallMs ?? defaultStallMs,
      isBusy: () => this.#batchesUnderWay > 0,
      onStall: () => {
        this.#joining = this.#replaceConsumer(this.#joining, 'the consumer has fallen silent and is replaced');
      },
    });
  }

  /** Joins in the background: a broker that is away delays events, never the start of the service. */
  listen(callback: () => void): void {
    if (this.messageHandlers.size > 0) {
      this.#joining = this.#join();
      this.#watch.start();
    }
    callback();
  }

  async close(): Promise<void> {
    this.#stopping = true;
    this.#watch.stop();
    await this.#offsets.flush();
    await this.#consumer?.disconnect().catch(() => undefined);
    this.#offsets.forget();
    await this.#joining;
  }

  /** The framework's hook for transport events, of which this transport has none. */
  on(): void {}

  unwrap(): never {
    throw new Error('The Kafka consumer is not handed out: commits and failures are the transport’s alone.');
  }

  async #join(): Promise<void> {
    while (!this.#stopping) {
      const consumer = this.#kafka.consumer({
        groupId: this.#group, allowAutoTopicCreation: false, metadataMaxAge: metadataMaxAgeMs, maxBytesPerPartition: fetchBytes,
        sessionTimeout: 6_000, heartbeatInterval: 1_500, rebalanceTimeout: rebalanceTimeoutMs, maxWaitTimeInMs: idleFetchMs,
        retry: { retries: 5, restartOnFailure: async () => !this.#stopping && this.#consumer === consumer },
      });
      this.#consumer = consumer;
      this.#watch.moved(rebalanceTimeoutMs);
      consumer.on(consumer.events.REBALANCING, () => this.#watch.moved(rebalanceTimeoutMs));
      consumer.on(consumer.events.GROUP_JOIN, () => {
        this.#offsets.forget();
        this.#processor.metrics.lag.forget();
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => this.#afterCrash(consumer, payload.restart));
      for (const event of [consumer.events.GROUP_JOIN, consumer.events.FETCH]) consumer.on(event, () => this.#watch.moved());
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: [...this.messageHandlers.keys()].flatMap((type) => [type, ...olderTypesOf(type)]).map((type) => this.#topicPrefix + type), fromBeginning: true });
        await consumer.run({
          autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: concurrentPartitions,
          eachBatch: (payload) => this.#atPace(payload),
        });
        return;
      } catch (error) {
        this.#log.warn({ err: error, group: this.#group }, `could not join the consumer group; trying again in ${reconnectMs} ms`);
        await consumer.disconnect().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, reconnectMs));
      }
    }
  }

  /** The client starts anew by itself after most faults; after some, such as a coordinator that is not there yet, it stays down for good. */
  #afterCrash(consumer: Consumer, startsAnew: boolean): void {
    this.#watch.moved();
    if (startsAnew || this.#stopping || this.#consumer !== consumer) return;
    this.#joining = this.#replaceConsumer(this.#joining, 'the consumer has ended and is replaced');
  }

  async #replaceConsumer(joining: Promise<void> | undefined, why: string): Promise<void> {
    this.#log.error({ group: this.#group }, why);
    this.#processor.metrics.countRestart();
    const silent = this.#consumer;
    this.#consumer = undefined;
    const deadline = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => deadline.resolve(undefined), leaveDeadlineMs);
    await Promise.race([Promise.all([silent?.disconnect().catch(() => undefined), joining]), deadline.promise]);
    clearTimeout(timer);
    await new Promise((resolve) => setTimeout(resolve, replacePauseMs));
    await this.#join();
  }

  /** The client asks for more when all that it brought is done. */
  async #atPace(payload: EachBatchPayload): Promise<void> {
    const end = (): number => this.#pace.end(this.#processor.concernedMs);
    this.#pace.begin(BigInt(payload.batch.offsetLag()) > 0n);
    try {
      await this.#consumeBatch(payload);
    } catch (error) {
      end();
      throw error;
    }
    const restMs = end();
    if (restMs > 0 && !this.#stopping) await wait(restMs);
  }

  async #consumeBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages, highWatermark } = payload.batch;
    const { lag } = this.#processor.metrics;
    const type = topic.slice(this.#topicPrefix.length);
    const [first] = messages;
    if (first) lag.fetched(type, partition, { end: highWatermark, first });
    reach('consumerFetched');
    let isRebalancing = false;
    const isCancelled = (): boolean => this.#stopping || isRebalancing || !payload.isRunning() || payload.isStale();
    const beat = setInterval(() => {
      // While the group deals partitions anew, what is under way is ended, and nothing more of this batch is begun.
      payload.heartbeat().catch(() => {
        isRebalancing = true;
      });
    }, heartbeatMs);
    this.#batchesUnderWay += 1;
    try {
      const done = await this.#processor.processBatch(this.#received(topic, partition, messages, isCancelled), (count) => {
        reach('inboxCommitted');
        const ended = messages[count - 1];
        payload.resolveOffset(ended?.offset ?? '');
        if (ended) lag.passed(type, partition, ended, messages[count]);
      });
      const last = messages[done - 1];
      if (!last) return;
      this.#offsets.passed(topic, partition, last.offset);
      // Whoever has the partition next should begin where this consumer has ended.
      if (isCancelled()) await this.#offsets.flush();
    } finally {
      clearInterval(beat);
      this.#batchesUnderWay -= 1;
      this.#watch.moved();
    }
  }

  #received(topic: string, partition: number, messages: readonly KafkaMessage[], isCancelled: () => boolean): ReceivedMessage[] {
    const type = topic.slice(this.#topicPrefix.length);
    const handler: ReceivedMessage['handler'] = (envelope, context) => this.#handlers.handle(envelope, context);
    const manyHandler: ReceivedMessage['manyHandler'] = this.#handlers.takesMany(type)
      ? (envelopes, context) => this.#handlers.handleMany(envelopes, context)
      : undefined;
    const takesTypesTogether = this.#handlers.takesTypesTogether(type);
    return messages.map(({ offset, key, value }) => ({
      topic, type, partition, offset, key: key?.toString() ?? '', value, isCancelled, handler, manyHandler, takesTypesTogether,
    }));
  }
}
