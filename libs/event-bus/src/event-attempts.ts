import type { Logger } from 'pino';
import { asFailure, type Envelope } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import { keepDeadLetter, type DeadLetterReason } from './dead-letter-store.ts';
import type { EventInbox } from './event-inbox.ts';
import type { EventMetrics } from './event-metrics.ts';
import { parseEvent } from './event-parser.ts';
import { asConsumerSpan } from './event-span.ts';
import type { ReceivedMessage } from './received-message.ts';
import { withinTime } from './within-time.ts';

/** Why a message is put aside. */
export interface PutAsideReason {
  readonly reason: DeadLetterReason;
  /** For people; kept with the message. */
  readonly error: string;
  readonly tenantId?: string | undefined;
  /** What was thrown, for the log. */
  readonly cause?: unknown;
}

export interface EventAttemptsOptions {
  readonly database: TenantDatabase;
  readonly inbox: EventInbox;
  readonly consumer: string;
  readonly logger: Logger;
  readonly metrics: EventMetrics;
  readonly isRetriedForever: (error: unknown) => boolean;
  readonly handlerTimeoutMs: number;
  readonly onDeadLetter: (reason: DeadLetterReason) => void;
}

const firstRetryMs = 100;
const longestRetryMs = 5_000;
/** Failures that are not the database's are tried this often, in case they pass, before the message is put aside. */
const attemptsBeforeDeadLetter = 3;

/** Takes one message by itself to its end: applied, recognised as a repeat, or kept as a dead letter. */
export class EventAttempts {
  readonly #options: EventAttemptsOptions;

  constructor(options: EventAttemptsOptions) {
    this.#options = options;
  }

  /** @returns false only where it was cancelled before an end was reached; the message will come again. */
  async process(message: ReceivedMessage): Promise<boolean> {
    const parsed = parseEvent(message.value);
    if (!parsed.ok) return this.untilItHolds(message, () => this.putAside(message, parsed));
    const { envelope } = parsed;
    let attempt = 0;
    return this.untilItHolds(message, async () => {
      attempt += 1;
      try {
        await this.#handle(message, envelope);
      } catch (error) {
        if (this.#options.isRetriedForever(error) || attempt < attemptsBeforeDeadLetter) throw error;
        const failure = asFailure(error);
        await this.putAside(message, { reason: failure.kind, error: failure.message, tenantId: envelope.tenantid, cause: error });
      }
    });
  }

  /** Keeps a message as a dead letter, in a transaction of its own. */
  async putAside(message: ReceivedMessage, { reason, error, tenantId, cause }: PutAsideReason): Promise<void> {
    const { topic, type, partition, offset, key, value } = message;
    const { database, metrics, logger, onDeadLetter } = this.#options;
    await database.systemTransaction((manager) =>
      keepDeadLetter(manager, {
        ...(tenantId && { tenantId }), origin: 'event', kind: type, reason, error,
        body: value ?? Buffer.alloc(0), message: { topic, partition, offset, key },
      }));
    metrics.count(type, 'dead_lettered');
    onDeadLetter(reason);
    logger.error({ topic, partition, offset, reason, tenantId, err: cause }, 'an event was put into the dead letters');
  }

  /** Tries until it holds, with growing pauses. @returns false where it was cancelled before. */
  async untilItHolds(message: ReceivedMessage, work: () => Promise<void>): Promise<boolean> {
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
      if (message.isCancelled()) return false;
      try {
        await work();
        return true;
      } catch (error) {
        this.#options.logger.warn({ err: error, topic: message.topic, offset: message.offset }, 'an event could not be handled yet and is tried again');
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  async #handle({ topic, type, handler }: ReceivedMessage, envelope: Envelope): Promise<void> {
    const { inbox, consumer, metrics, handlerTimeoutMs } = this.#options;
    await asConsumerSpan({ topic, consumer, envelopes: [envelope] }, async () => {
      const stopTimer = metrics.startTimer(type);
      try {
        metrics.count(type, await inbox.handle(envelope, (context) => withinTime(handlerTimeoutMs, handler(envelope, context))));
      } catch (error) {
        metrics.count(type, 'failed');
        throw error;
      } finally {
        stopTimer();
      }
    });
  }
}
