import { context as telemetryContext, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import { asFailure, type Envelope } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import { keepDeadLetter, type DeadLetterReason } from './dead-letter-store.ts';
import type { EventContext } from './event-context.ts';
import type { EventInbox } from './event-inbox.ts';
import { parseEvent } from './event-parser.ts';

export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly value: Buffer | null;
  readonly isCancelled: () => boolean;
  readonly handler: (envelope: Envelope, context: EventContext) => Promise<void>;
}

const firstRetryMs = 100;
const longestRetryMs = 5_000;
/** Failures that are not the database's are tried this often, in case they pass, before the message is put aside. */
const attemptsBeforeDeadLetter = 3;

/** Takes one message to its end: applied, recognised as a repeat, or kept as a dead letter. Nothing is dropped. */
export class EventProcessor {
  readonly #database: TenantDatabase;
  readonly #inbox: EventInbox;
  readonly #logger: Logger;
  readonly #consumer: string;
  readonly #isRetriedForever: (error: unknown) => boolean;
  readonly #handled: Counter<'consumer' | 'type' | 'outcome'>;
  readonly #duration: Histogram<'consumer' | 'type'>;

  constructor(options: {
    readonly database: TenantDatabase;
    readonly inbox: EventInbox;
    readonly consumer: string;
    readonly logger: Logger;
    readonly metrics: Registry;
    /** Says that what failed is the ground we stand on (the database is away), not this message. */
    readonly isRetriedForever: (error: unknown) => boolean;
  }) {
    this.#database = options.database;
    this.#inbox = options.inbox;
    this.#consumer = options.consumer;
    this.#logger = options.logger;
    this.#isRetriedForever = options.isRetriedForever;
    this.#handled = new Counter({
      name: 'crossdock_event_handled_total', help: 'Events by what became of them.',
      labelNames: ['consumer', 'type', 'outcome'], registers: [options.metrics],
    });
    this.#duration = new Histogram({
      name: 'crossdock_event_handle_duration_seconds', help: 'Time to handle one event, inbox and effect included.',
      labelNames: ['consumer', 'type'], buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5], registers: [options.metrics],
    });
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

  async #handle(message: ReceivedMessage, envelope: Envelope): Promise<void> {
    const parent = propagation.extract(telemetryContext.active(), { traceparent: envelope.traceparent });
    const span = trace.getTracer('crossdock.event-bus').startSpan(`process ${envelope.type}`, {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': message.topic,
        'messaging.consumer.group.name': this.#consumer,
        'messaging.message.id': envelope.id,
      },
    }, parent);
    const stopTimer = this.#duration.startTimer({ consumer: this.#consumer, type: envelope.type });
    try {
      const outcome = await telemetryContext.with(trace.setSpan(parent, span), () =>
        this.#inbox.handle(envelope, (context) => message.handler(envelope, context)));
      this.#handled.inc({ consumer: this.#consumer, type: envelope.type, outcome });
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      this.#handled.inc({ consumer: this.#consumer, type: envelope.type, outcome: 'failed' });
      throw error;
    } finally {
      stopTimer();
      span.end();
    }
  }

  async #putAside(message: ReceivedMessage, reason: DeadLetterReason, error: string, tenantId?: string): Promise<void> {
    const { topic, partition, offset, key, value } = message;
    await this.#database.systemTransaction((manager) =>
      keepDeadLetter(manager, {
        ...(tenantId && { tenantId }), origin: 'event', kind: topic, reason, error,
        body: value ?? Buffer.alloc(0), message: { topic, partition, offset, key },
      }));
    this.#handled.inc({ consumer: this.#consumer, type: topic, outcome: 'dead_lettered' });
    this.#logger.error({ topic, partition, offset, reason, tenantId, detail: error }, 'an event was put into the dead letters');
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
