import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { asFailure, type Envelope } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import { ConsumeStarts, type OpenStart } from './consume-starts.ts';
import { keepDeadLetter, type DeadLetterReason } from './dead-letter-store.ts';
import type { EventContext } from './event-context.ts';
import type { EventInbox } from './event-inbox.ts';
import { EventMetrics } from './event-metrics.ts';
import { parseEvent } from './event-parser.ts';
import { asConsumerSpan } from './event-span.ts';
import { runByKey } from './run-by-key.ts';
import { withinTime } from './within-time.ts';

export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly value: Buffer | null;
  readonly isCancelled: () => boolean;
  readonly handler: (envelope: Envelope, context: EventContext) => Promise<void>;
  /** Where the handler takes many events of one tenant in one call. */
  readonly manyHandler?: ((envelopes: readonly Envelope[], context: EventContext) => Promise<void>) | undefined;
}

const firstRetryMs = 100;
const longestRetryMs = 5_000;
/** Failures that are not the database's are tried this often, in case they pass, before the message is put aside. */
const attemptsBeforeDeadLetter = 3;
/** A message with which the process ended this often is put aside unhandled. */
const startsBeforeDeadLetter = 3;
const defaultHandlerTimeoutMs = 30_000;
/** How many messages of a chunk that failed as a whole are tried side by side. */
const concurrentKeys = 4;
/** A transaction of many messages should hold its locks no longer than this; the number of messages follows from it. */
const chunkMs = 250;
const smallestChunk = 10;
const largestChunk = 500;

/** Takes messages to their end: applied, recognised as a repeat, or kept as a dead letter. Nothing is dropped. */
export class EventProcessor {
  readonly metrics: EventMetrics;
  readonly #database: TenantDatabase;
  readonly #inbox: EventInbox;
  readonly #starts: ConsumeStarts;
  readonly #logger: Logger;
  readonly #consumer: string;
  readonly #handlerTimeoutMs: number;
  readonly #isRetriedForever: (error: unknown) => boolean;
  /** By partition: what was begun before this process came, and not ended. */
  readonly #suspects = new Map<string, OpenStart>();
  #chunkSize = 50;

  constructor(options: {
    readonly database: TenantDatabase;
    readonly inbox: EventInbox;
    readonly consumer: string;
    readonly logger: Logger;
    readonly metrics: Registry;
    /** Says that what failed is the ground we stand on (the database is away), not this message. */
    readonly isRetriedForever: (error: unknown) => boolean;
    /** A handler that takes longer has failed. */
    readonly handlerTimeoutMs?: number;
  }) {
    this.#database = options.database;
    this.#inbox = options.inbox;
    this.#starts = new ConsumeStarts(options.database, options.consumer);
    this.#consumer = options.consumer;
    this.#logger = options.logger;
    this.#isRetriedForever = options.isRetriedForever;
    this.#handlerTimeoutMs = options.handlerTimeoutMs ?? defaultHandlerTimeoutMs;
    this.metrics = new EventMetrics(options.consumer, options.metrics);
  }

  /** How many messages the next chunk should have. */
  get chunkSize(): number {
    return this.#chunkSize;
  }

  /**
   * Takes messages of one partition, in one transaction where none of them fails and one by one where one does.
   * @returns how many from the first on have come to their end; the others will come again.
   */
  async processChunk(messages: readonly ReceivedMessage[]): Promise<number> {
    const [first] = messages;
    const last = messages.at(-1);
    if (!first || !last) return 0;
    const { topic, partition } = first;
    let suspect = this.#suspects.get(`${topic}/${partition}`);
    const isBegun = suspect !== undefined || await this.#untilItHolds(first, async () => {
      suspect = await this.#starts.begin({ topic, partition, first: first.offset, last: last.offset });
    });
    if (!isBegun) return 0;
    if (suspect) return this.#processSuspects(messages, suspect);
    try {
      await this.#processTogether(messages);
      return messages.length;
    } catch (error) {
      this.#logger.debug({ err: error, topic, partition, offset: first.offset, messages: messages.length }, 'messages are tried one by one');
    }
    const done = await runByKey(messages, {
      keyOf: (message) => message.key, concurrency: concurrentKeys, isCancelled: first.isCancelled, run: (message) => this.process(message),
    });
    await this.#end(first);
    return done.length;
  }

  /** @returns false only where it was cancelled before an end was reached; the message will come again. */
  async process(message: ReceivedMessage): Promise<boolean> {
    const parsed = parseEvent(message.value);
    if (!parsed.ok) {
      return this.#untilItHolds(message, () => this.#putAside(message, parsed.reason, parsed.error, parsed.tenantId));
    }
    const { envelope } = parsed;
    let attempt = 0;
    return this.#untilItHolds(message, async () => {
      attempt += 1;
      try {
        await this.#handle(message, envelope);
      } catch (error) {
        if (this.#isRetriedForever(error) || attempt < attemptsBeforeDeadLetter) throw error;
        const failure = asFailure(error);
        await this.#putAside(message, failure.kind, failure.message, envelope.tenantid);
      }
    });
  }

  async #processTogether(messages: readonly ReceivedMessage[]): Promise<void> {
    const [first] = messages;
    if (!first) return;
    const { topic, handler, manyHandler } = first;
    const envelopes: Envelope[] = [];
    for (const message of messages) {
      const parsed = parseEvent(message.value);
      if (parsed.ok) envelopes.push(parsed.envelope);
      else await this.#putAside(message, parsed.reason, parsed.error, parsed.tenantId);
    }
    const type = envelopes[0]?.type ?? topic;
    const stopTimer = this.metrics.startTimer(type);
    const beganMs = performance.now();
    const outcomes = await this.#inbox.handleAll(envelopes, {
      one: (envelope, context) => asConsumerSpan({ topic, consumer: this.#consumer, envelopes: [envelope] }, () =>
        withinTime(this.#handlerTimeoutMs, handler(envelope, context))),
      many: manyHandler && ((many, context) => asConsumerSpan({ topic, consumer: this.#consumer, envelopes: many }, () =>
        withinTime(this.#handlerTimeoutMs, manyHandler(many, context)))),
    }, (manager) => this.#starts.end(manager, first));
    this.#adaptChunk(messages.length, performance.now() - beganMs);
    stopTimer();
    for (const outcome of outcomes) this.metrics.count(type, outcome);
  }

  /**
   * One by one, each counted before it is handled: one of these messages may end the process, and shows by that which one.
   * Ends where the suspicion ends.
   */
  async #processSuspects(messages: readonly ReceivedMessage[], suspect: OpenStart): Promise<number> {
    const name = `${suspect.topic}/${suspect.partition}`;
    this.#suspects.set(name, suspect);
    let done = 0;
    for (const message of messages) {
      const { offset } = message;
      if (BigInt(offset) > BigInt(suspect.last)) {
        this.#suspects.delete(name);
        break;
      }
      const isCovered = BigInt(offset) >= BigInt(suspect.first);
      const isDone = isCovered ? await this.#processSuspect(message, suspect.starts) : await this.process(message);
      if (!isDone) break;
      done += 1;
    }
    if (done > 0 && BigInt(messages[done - 1]?.offset ?? 0) === BigInt(suspect.last)) this.#suspects.delete(name);
    await this.#end(suspect);
    return done;
  }

  async #processSuspect(message: ReceivedMessage, starts: number): Promise<boolean> {
    const { topic, partition, offset, value } = message;
    if (starts < startsBeforeDeadLetter) {
      const counted = await this.#untilItHolds(message, () => this.#starts.count({ topic, partition, first: offset, last: offset }, starts + 1));
      return counted && await this.process(message);
    }
    const parsed = parseEvent(value);
    const tenantId = parsed.ok ? parsed.envelope.tenantid : parsed.tenantId;
    return this.#untilItHolds(message, () =>
      this.#putAside(message, 'unexpected', `The process ended ${starts} times while it handled this event.`, tenantId));
  }

  async #handle(message: ReceivedMessage, envelope: Envelope): Promise<void> {
    const stopTimer = this.metrics.startTimer(envelope.type);
    try {
      const outcome = await asConsumerSpan({ topic: message.topic, consumer: this.#consumer, envelopes: [envelope] }, () =>
        this.#inbox.handle(envelope, (context) => withinTime(this.#handlerTimeoutMs, message.handler(envelope, context))));
      this.metrics.count(envelope.type, outcome);
    } catch (error) {
      this.metrics.count(envelope.type, 'failed');
      throw error;
    } finally {
      stopTimer();
    }
  }

  async #putAside(message: ReceivedMessage, reason: DeadLetterReason, error: string, tenantId?: string): Promise<void> {
    const { topic, partition, offset, key, value } = message;
    await this.#database.systemTransaction((manager) =>
      keepDeadLetter(manager, {
        ...(tenantId && { tenantId }), origin: 'event', kind: topic, reason, error,
        body: value ?? Buffer.alloc(0), message: { topic, partition, offset, key },
      }));
    this.metrics.count(topic, 'dead_lettered');
    this.#logger.error({ topic, partition, offset, reason, tenantId, detail: error }, 'an event was put into the dead letters');
  }

  /** An open note of what has ended costs a slower start of the next process, nothing else. */
  async #end(partition: Pick<OpenStart, 'topic' | 'partition'>): Promise<void> {
    await this.#database.systemTransaction((manager) => this.#starts.end(manager, partition))
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'the note of a begun message could not be struck out'));
  }

  #adaptChunk(size: number, tookMs: number): void {
    if (tookMs > chunkMs) this.#chunkSize = Math.max(smallestChunk, Math.floor(size / 2));
    else if (size === this.#chunkSize && tookMs < chunkMs / 2) this.#chunkSize = Math.min(largestChunk, size * 2);
  }

  async #untilItHolds(message: ReceivedMessage, work: () => Promise<void>): Promise<boolean> {
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
      if (message.isCancelled()) return false;
      try {
        await work();
        return true;
      } catch (error) {
        this.#logger.warn({ err: error, topic: message.topic, offset: message.offset }, 'an event could not be handled yet and is tried again');
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }
}
