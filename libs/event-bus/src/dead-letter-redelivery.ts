import type { EntityManager } from 'typeorm';
import { Failure } from '@crossdock/contracts';
import { narrowToTenant, tenantContext } from '@crossdock/tenancy';
import type { KeptDeadLetter } from './dead-letter-store.ts';
import type { EventHandlers } from './event-handlers.ts';
import type { EventInbox, HandledOutcome } from './event-inbox.ts';
import { parseEvent } from './event-parser.ts';
import { withinTime } from './within-time.ts';

const handlerTimeoutMs = 30_000;

/**
 * Hands a dead event to this service's own handler again, through the inbox and under the consumer's own name.
 *
 * It is not published to its topic again: that would reach every consumer of the type, of which all others had it; an
 * inbox that has dropped its note by then would let them apply it twice. It would also stand behind a queue, and whoever
 * asked would not learn what came of it. Either way it comes late for its record; handlers compare versions for that.
 */
export class DeadLetterRedelivery {
  readonly #inbox: EventInbox;
  readonly #handlers: EventHandlers;

  constructor(inbox: EventInbox, handlers: EventHandlers) {
    this.#inbox = inbox;
    this.#handlers = handlers;
  }

  /**
   * Works in the caller's system transaction, so that effect, inbox note and the letter's removal commit together.
   * @throws Failure `invalid` where the message still cannot be read; what the handler throws otherwise.
   */
  async redeliver(manager: EntityManager, letter: KeptDeadLetter): Promise<HandledOutcome> {
    const parsed = parseEvent(letter.body);
    if (!parsed.ok) throw new Failure('invalid', parsed.error);
    const { envelope } = parsed;
    if (letter.tenantId !== undefined && letter.tenantId !== envelope.tenantid) throw new Failure('invalid', 'The event is not of the tenant that it was kept for.');
    if (!this.#handlers.hears(envelope.type)) throw new Failure('invalid', `This service does not hear ${envelope.type}.`);
    const scope = { tenantId: envelope.tenantid, correlationId: envelope.correlationid, causationId: envelope.id };
    return tenantContext.run(scope, () => narrowToTenant(manager, envelope.tenantid, () =>
      withinTime(handlerTimeoutMs, this.#inbox.handleWithin(manager, envelope, (context) => this.#handlers.handle(envelope, context)))));
  }
}
