import { trace, type Span } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { GroupCommit } from '@crossdock/background-loop';
import type { Envelope } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import { ChunkSize } from './chunk-size.ts';
import { ConsumeStarts, type OffsetRange, type OpenStart, type PassedOffset } from './consume-starts.ts';
import type { DeadLetterReason } from './dead-letter-store.ts';
import { EventAttempts } from './event-attempts.ts';
import type { EventBatch, EventInbox, EventTakers, HandledOutcome } from './event-inbox.ts';
import { EventMetrics } from './event-metrics.ts';
import { parseConcerned, parseEvent, type EventConcern, type ParsedEvent } from './event-parser.ts';
import { asConsumerSpan } from './event-span.ts';
import type { ReceivedMessage } from './received-message.ts';
import { runByKey } from './run-by-key.ts';
import { SuspectEvents } from './suspect-events.ts';
import { withinTime } from './within-time.ts';

const defaultHandlerTimeoutMs = 30_000;
/** How many messages of a chunk that failed as a whole are tried side by side. */
const concurrentKeys = 4;
/** A chunk that is no larger is tried message by message where it fails. */
const smallestChunk = 10;
/** A chunk that failed is tried again in so many pieces, until what fails is so small that it is tried one by one. */
const piecesOfFailedChunk = 10;

/** Partitions that are noted as begun by one statement. */
const mostBegunAtOnce = 500;

/** Transactions of one service under way at once: while one waits for the disk another is filled, and a handler that hangs holds up half. */
const concurrentTransactions = 2;

/** What one partition brings to a transaction. */
interface Part extends EventBatch {
  readonly passed: PassedOffset;
}

/** Takes messages to their end: applied, recognised as a repeat, or kept as a dead letter. Nothing is dropped. */
export class EventProcessor {
  readonly metrics: EventMetrics;
  readonly #inbox: EventInbox;
  readonly #starts: ConsumeStarts;
  readonly #attempts: EventAttempts;
  readonly #logger: Logger;
  readonly #consumer: string;
  readonly #handlerTimeoutMs: number;
  readonly #isRetriedForever: (error: unknown) => boolean;
  readonly #suspects: SuspectEvents;
  readonly #concerns: EventConcern | undefined;
  /** What was read of messages to see that they concern this service. */
  readonly #read = new WeakMap<ReceivedMessage, ParsedEvent>();
  readonly #begins: GroupCommit<OffsetRange, { readonly open: OpenStart | undefined }>;
  readonly #transactions: GroupCommit<Part, readonly HandledOutcome[]>;
  readonly #chunkSize: ChunkSize;
  #concernedMs = performance.now();

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
    /** Which events there is anything to do for; the others pass without a row or a transaction. Default: all. */
    readonly concerns?: EventConcern | undefined;
    /** For how long messages gather before they are taken: a transaction of them may take as long. */
    readonly gatherMs?: number | undefined;
    /** Told of each message that was put aside. */
    readonly onDeadLetter?: (reason: DeadLetterReason) => void;
  }) {
    this.#inbox = options.inbox;
    this.#starts = new ConsumeStarts(options.database, options.consumer);
    this.#consumer = options.consumer;
    this.#logger = options.logger;
    this.#concerns = options.concerns;
    this.#isRetriedForever = options.isRetriedForever;
    this.#handlerTimeoutMs = options.handlerTimeoutMs ?? defaultHandlerTimeoutMs;
    this.#chunkSize = new ChunkSize(options.gatherMs);
    this.metrics = new EventMetrics(options.consumer, options.metrics);
    this.#attempts = new EventAttempts({
      ...options, metrics: this.metrics, handlerTimeoutMs: this.#handlerTimeoutMs, onDeadLetter: options.onDeadLetter ?? (() => undefined),
    });
    this.#suspects = new SuspectEvents(this.#starts, this.#attempts);
    this.#begins = new GroupCommit({
      commit: (ranges) => this.#starts.beginAll(ranges), sizeOf: () => 1, largestGroup: () => mostBegunAtOnce, concurrency: 1, concernsAll: this.#isRetriedForever,
    });
    this.#transactions = new GroupCommit({
      commit: (parts) => this.#commit(parts), sizeOf: ({ envelopes }) => envelopes.length, largestGroup: () => this.#chunkSize.most,
      concurrency: concurrentTransactions, concernsAll: this.#isRetriedForever,
    });
  }

  /** When a message came last that concerned this service, by `performance.now()`. */
  get concernedMs(): number {
    return this.#concernedMs;
  }

  /**
   * Takes messages of one partition, in as few transactions as their number and time allow, shared with what comes of other
   * partitions meanwhile, and one by one where one fails.
   * @param onProgress told how many from the first on have come to their end so far.
   * @returns how many that are in the end: all, or fewer where it was cancelled; the others will come again.
   */
  async processBatch(messages: readonly ReceivedMessage[], onProgress: (done: number) => void = () => undefined): Promise<number> {
    const concerned = this.#concernedOf(messages);
    if (concerned.length > 0) this.#concernedMs = performance.now();
    if (concerned.length === messages.length) return this.#processConcerned(messages, onProgress);
    const positions = new Map(messages.map((message, position) => [message, position]));
    // What does not concern this service ends together with what comes before it.
    const doneAmongAll = (done: number): number => {
      const next = concerned[done];
      return (next && positions.get(next)) ?? messages.length;
    };
    const done = doneAmongAll(await this.#processConcerned(concerned, (count) => onProgress(doneAmongAll(count))));
    if (concerned.length === 0) onProgress(done);
    return done;
  }

  /** What cannot be read concerns everybody: it becomes a dead letter. */
  #concernedOf(messages: readonly ReceivedMessage[]): readonly ReceivedMessage[] {
    const concerns = this.#concerns;
    if (!concerns) return messages;
    const concerned = messages.filter((message) => {
      const parsed = parseConcerned(message.value, message.type, concerns);
      if (parsed) this.#read.set(message, parsed);
      return parsed !== undefined;
    });
    const [first] = messages;
    const passed = messages.length - concerned.length;
    if (first && passed > 0) this.metrics.count(first.type, 'unconcerned', passed);
    return concerned;
  }

  async #processConcerned(messages: readonly ReceivedMessage[], onProgress: (done: number) => void): Promise<number> {
    const last = messages.at(-1);
    if (!last) return 0;
    const { topic, partition } = last;
    let done = 0;
    const progress = (count: number): void => {
      done += count;
      if (count > 0) onProgress(done);
    };
    while (done < messages.length && !last.isCancelled()) {
      const rest = messages.slice(done);
      const begun = await this.#begin(rest);
      const before = done;
      if (begun.suspect) {
        progress(await this.#suspects.process(rest, begun.suspect));
        await this.#passLater(begun.suspect);
      } else if (begun.isBegun) await this.#processBegun(rest, progress);
      if (done === before) break;
    }
    // Left alive: what is noted as begun and will come again is under no suspicion.
    if (done < messages.length) await this.#passLater({ topic, partition, last: last.offset });
    return done;
  }

  async #begin(messages: readonly ReceivedMessage[]): Promise<{ readonly isBegun: boolean; readonly suspect?: OpenStart | undefined }> {
    const [first, last] = [messages[0], messages.at(-1)];
    if (!first || !last) return { isBegun: false };
    const { topic, partition } = first;
    let suspect = this.#suspects.find(first);
    const isBegun = suspect !== undefined || await this.#attempts.untilItHolds(first, async () => {
      ({ open: suspect } = await this.#begins.commit({ topic, partition, first: first.offset, last: last.offset }));
    });
    return { isBegun, suspect };
  }

  async #processBegun(messages: readonly ReceivedMessage[], progress: (count: number) => void): Promise<void> {
    for (let done = 0; done < messages.length;) {
      const chunk = messages.slice(done, done + this.#chunkSize.most);
      const ended = await this.#processChunk(chunk);
      progress(ended);
      done += ended;
      if (ended < chunk.length) return;
    }
  }

  /** @returns how many from the first on have come to their end. */
  async #processChunk(chunk: readonly ReceivedMessage[]): Promise<number> {
    const [first, last] = [chunk[0], chunk.at(-1)];
    if (!first || !last) return 0;
    let together = 0;
    const isTried = await this.#attempts.untilItHolds(first, async () => {
      try {
        await this.#processTogether(chunk, last);
        together = chunk.length;
      } catch (error) {
        if (this.#isRetriedForever(error)) throw error;
        this.#logger.debug({ err: error, topic: first.topic, partition: first.partition, offset: first.offset, messages: chunk.length }, 'messages are tried in smaller pieces');
      }
    });
    if (!isTried) return 0;
    if (together > 0) return together;
    if (chunk.length > smallestChunk) return this.#processPieces(chunk);
    const done = await runByKey(chunk, {
      keyOf: (message) => message.key, concurrency: concurrentKeys, isCancelled: first.isCancelled, run: (message) => this.#attempts.process(message),
    });
    const lastDone = done.at(-1);
    if (lastDone) await this.#passLater({ ...lastDone, last: lastDone.offset });
    return done.length;
  }

  async #processPieces(chunk: readonly ReceivedMessage[]): Promise<number> {
    const size = Math.ceil(chunk.length / piecesOfFailedChunk);
    for (let done = 0; done < chunk.length;) {
      const piece = chunk.slice(done, done + size);
      const ended = await this.#processChunk(piece);
      done += ended;
      if (ended < piece.length) return done;
    }
    return chunk.length;
  }

  async #processTogether(messages: readonly ReceivedMessage[], message: ReceivedMessage): Promise<void> {
    const { topic, type, partition, offset, handler, manyHandler, takesTypesTogether = false } = message;
    const envelopes: Envelope[] = [];
    const unreadable: ReceivedMessage[] = [];
    for (const each of messages) {
      const parsed = this.#read.get(each) ?? parseEvent(each.value);
      if (parsed.ok) envelopes.push(parsed.envelope);
      else unreadable.push(each);
    }
    // A transaction holds the spans of several events: its time is shown beside one of them.
    let span: Span | undefined;
    const handle = (taken: readonly Envelope[], work: () => Promise<void>): Promise<void> => asConsumerSpan({ topic, consumer: this.#consumer, envelopes: taken }, () => {
      span = trace.getActiveSpan();
      return withinTime(this.#handlerTimeoutMs, work());
    });
    const takers: EventTakers = {
      one: (envelope, context) => handle([envelope], () => handler(envelope, context)),
      many: manyHandler && ((many, context) => handle(many, () => manyHandler(many, context))),
      takesTypesTogether,
    };
    const stopTimer = this.metrics.startTimer(type);
    const outcomes = await this.#transactions.commit({ envelopes, takers, passed: { topic, partition, last: offset } });
    stopTimer(span);
    this.metrics.countAll(type, outcomes);
    this.metrics.countTenants(envelopes);
    for (const each of unreadable) await this.#attempts.process(each);
  }

  async #commit(parts: readonly Part[]): Promise<ReadonlyArray<readonly HandledOutcome[]>> {
    const beganMs = performance.now();
    const outcomes = await this.#inbox.handleAll(parts, (manager) => this.#starts.pass(manager, parts.map(({ passed }) => passed)));
    this.#chunkSize.took(parts.reduce((sum, { envelopes }) => sum + envelopes.length, 0), performance.now() - beganMs);
    return outcomes;
  }

  /** An open note of what has ended costs a slower start of the next process, nothing else. */
  async #passLater(passed: Pick<OpenStart, 'topic' | 'partition' | 'last'>): Promise<void> {
    await this.#starts.passLater(passed)
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'the note of begun messages could not be brought up to date'));
  }
}
