import type { Logger } from 'pino';
import { asFailure, type Envelope } from '@crossdock/contracts';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import { keepDeadLetter } from '../dead-letter-store.ts';
import type { EventHandlers } from '../event-handlers.ts';
import type { EventConcern } from '../event-parser.ts';
import { EventInbox } from '../event-inbox.ts';
import { parseEvent } from '../event-parser.ts';
import { withinTime } from '../within-time.ts';
import type { ReplayOutcome } from './replay-checkpoint.ts';

export interface ReplayedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly value: Buffer | null;
}

const attempts = 3;
const pauseMs = 100;
const handlerTimeoutMs = 30_000;

/** Applies one message of a replay. */
export class ReplayEvent {
  readonly #database: TenantDatabase;
  readonly #handlers: EventHandlers;
  readonly #isRetriedForever: (error: unknown) => boolean;
  readonly #logger: Logger;
  readonly #own: EventInbox;
  readonly #replay: EventInbox;
  readonly #tenantId: string | undefined;
  readonly #concerns: EventConcern | undefined;

  constructor(options: {
    readonly database: TenantDatabase;
    readonly handlers: EventHandlers;
    readonly isRetriedForever: (error: unknown) => boolean;
    readonly logger: Logger;
    readonly consumer: string;
    readonly replayId: string;
    readonly tenantId: string | undefined;
    readonly concerns?: EventConcern | undefined;
  }) {
    this.#database = options.database;
    this.#handlers = options.handlers;
    this.#isRetriedForever = options.isRetriedForever;
    this.#logger = options.logger;
    this.#own = new EventInbox(options.database, options.consumer);
    this.#replay = new EventInbox(options.database, `${options.consumer}#${options.replayId}`);
    this.#tenantId = options.tenantId;
    this.#concerns = options.concerns;
  }

  /** @throws where the ground is away (the database): the replay goes on later from where it stood. */
  async apply(message: ReplayedMessage): Promise<ReplayOutcome> {
    const parsed = parseEvent(message.value);
    if (!parsed.ok) return 'unreadable';
    const { envelope } = parsed;
    if (this.#tenantId !== undefined && envelope.tenantid !== this.#tenantId) return 'skipped';
    if (this.#concerns?.(envelope) === false) return 'skipped';
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#handle(envelope);
      } catch (error) {
        if (this.#isRetriedForever(error)) throw error;
        if (attempt === attempts) return await this.#putAside(message, envelope, error);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  /**
   * The replay's own note lets the handler run although the consumer had the event before, and never twice in one
   * replay. The consumer's note is written as well: what it had not come to yet, or has among its dead letters, counts
   * as done.
   */
  #handle(envelope: Envelope): Promise<ReplayOutcome> {
    const scope = { tenantId: envelope.tenantid, correlationId: envelope.correlationid, causationId: envelope.id };
    return tenantContext.run(scope, () => withinTime(handlerTimeoutMs, this.#database.transaction(envelope.tenantid, async (manager) => {
      await this.#own.note(manager, envelope);
      const outcome = await this.#replay.handleWithin(manager, envelope, (context) => this.#handlers.handle(envelope, context));
      return outcome === 'duplicate' ? 'repeated' : outcome;
    })));
  }

  async #putAside({ topic, partition, offset, key, value }: ReplayedMessage, envelope: Envelope, error: unknown): Promise<ReplayOutcome> {
    const failure = asFailure(error);
    await this.#database.systemTransaction((manager) => keepDeadLetter(manager, {
      tenantId: envelope.tenantid, origin: 'event', kind: envelope.type, reason: failure.kind, error: failure.message,
      body: value ?? Buffer.alloc(0), message: { topic, partition, offset, key },
    }));
    this.#logger.error({ topic, partition, offset, reason: failure.kind, tenantId: envelope.tenantid, err: error }, 'a replayed event was put into the dead letters');
    return 'failed';
  }
}
