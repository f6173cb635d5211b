import { Failure } from '@crossdock/contracts';
import type { KeptDeadLetter } from '@crossdock/event-bus';
import type { EntityManager } from 'typeorm';

/**
 * Works off a dead letter of one origin. It runs in the system transaction that removes the letter; what it does by
 * another transaction must be harmless when it is repeated.
 * @returns in one word what came of it. @throws where it cannot be worked off: the letter stays, with the new reason.
 */
export type DeadLetterReplayer = (manager: EntityManager, letter: KeptDeadLetter) => Promise<string>;

/** How this service works off what is in its dead letters. Events are provided for; the gateway adds webhooks. */
export class DeadLetterReplayers {
  readonly #byOrigin = new Map<KeptDeadLetter['origin'], DeadLetterReplayer>();

  register(origin: KeptDeadLetter['origin'], replayer: DeadLetterReplayer): void {
    this.#byOrigin.set(origin, replayer);
  }

  async replay(manager: EntityManager, letter: KeptDeadLetter): Promise<string> {
    const replayer = this.#byOrigin.get(letter.origin);
    if (!replayer) throw new Failure('invalid', `This service has no way to work off a ${letter.origin} again.`);
    return replayer(manager, letter);
  }
}
