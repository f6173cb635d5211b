import type { CustomTransportStrategy } from '@nestjs/microservices';
import { Server } from '@nestjs/microservices';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import { lastValueFrom } from 'rxjs';
import { eventKey, type Envelope } from '@crossdock/contracts';
import type { EventContext } from './event-context.ts';
import type { EventProcessor } from './event-processor.ts';
import { runByKey } from './run-by-key.ts';

const heartbeatMs = 1_000;
const concurrentKeys = 8;
const reconnectMs = 2_000;

/**
 * Brings Kafka's facts to ordinary `@EventPattern` (here `@OnEvent`) handlers. Within a batch different keys run side by side and one key
 * runs in order; offsets are committed only after the inbox transactions of all messages before them have committed.
 */
export class KafkaEventTransport extends Server implements CustomTransportStrategy {
  /** Failures come back to this class, which decides between retry and dead letter; the framework must not log them away. */
  override readonly propagatesEventHandlerErrors = true;

  readonly #kafka: Kafka;
  readonly #group: string;
  readonly #topicPrefix: string;
  readonly #processor: EventProcessor;
  readonly #log: Logger;
  #consumer: Consumer | undefined;
  #stopping = false;
  #joining: Promise<void> | undefined;

  constructor(options: {
    readonly kafka: Kafka;
    readonly group: string;
    readonly topicPrefix: string;
    readonly processor: EventProcessor;
    readonly logger: Logger;
  }) {
    super();
    this.#kafka = options.kafka;
    this.#group = options.group;
    this.#topicPrefix = options.topicPrefix;
    this.#processor = options.processor;
    this.#log = options.logger;
  }

  /** Joins in the background: a broker that is away delays events, never the start of the service. */
  listen(callback: () => void): void {
    if (this.messageHandlers.size > 0) this.#joining = this.#join();
    callback();
  }

  async close(): Promise<void> {
    this.#stopping = true;
    await this.#consumer?.disconnect().catch(() => undefined);
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
        groupId: this.#group, allowAutoTopicCreation: false,
        sessionTimeout: 6_000, heartbeatInterval: 1_500, rebalanceTimeout: 15_000, maxWaitTimeInMs: 250,
        retry: { retries: 5, restartOnFailure: async () => !this.#stopping },
      });
      this.#consumer = consumer;
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: [...this.messageHandlers.keys()].map((type) => this.#topicPrefix + type), fromBeginning: true });
        await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => this.#consumeBatch(payload) });
        return;
      } catch (error) {
        this.#log.warn({ err: error, group: this.#group }, `could not join the consumer group; trying again in ${reconnectMs} ms`);
        await consumer.disconnect().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, reconnectMs));
      }
    }
  }

  async #consumeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const isCancelled = (): boolean => this.#stopping || !payload.isRunning() || payload.isStale();
    const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), heartbeatMs);
    try {
      const done = await runByKey(batch.messages, {
        keyOf: (message) => message.key?.toString() ?? '',
        concurrency: concurrentKeys,
        isCancelled,
        run: (message) => this.#consumeMessage(batch.topic, batch.partition, message, isCancelled),
      });
      const last = done.at(-1);
      if (!last) return;
      payload.resolveOffset(last.offset);
      await payload.commitOffsetsIfNecessary({
        topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset: String(BigInt(last.offset) + 1n) }] }],
      });
    } finally {
      clearInterval(beat);
    }
  }

  async #consumeMessage(topic: string, partition: number, message: KafkaMessage, isCancelled: () => boolean): Promise<boolean> {
    return this.#processor.process({
      topic, partition, offset: message.offset, key: message.key?.toString() ?? '', value: message.value,
      isCancelled,
      handler: (envelope, context) => this.#callHandler(envelope, context),
    });
  }

  async #callHandler(envelope: Envelope, context: EventContext): Promise<void> {
    const handler = this.getHandlerByPattern(envelope.type);
    if (!handler) throw new Error(`${this.#group} has no handler for ${envelope.type} (${eventKey(envelope)}).`);
    await lastValueFrom(this.transformToObservable(await handler(envelope, context)), { defaultValue: undefined });
  }
}
