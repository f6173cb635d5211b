import { randomUUID } from 'node:crypto';
import { identityActed, type EventData } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import type { EntityManager } from 'typeorm';

/** An entry of the audit: who did what, with which result. */
export type IdentityAct = Omit<EventData<typeof identityActed>, 'occurredAt'>;

/** Writes sign-ons and changes of people down, in the transaction in which they happen. */
export class IdentityAudit {
  readonly #publisher: EventPublisher;
  readonly #now: () => Date;

  constructor(publisher: EventPublisher, now: () => Date) {
    this.#publisher = publisher;
    this.#now = now;
  }

  /** Entries about one person keep their order. */
  async record(manager: EntityManager, act: IdentityAct): Promise<void> {
    await this.#publisher.publish(manager, identityActed, {
      subject: `person/${act.personId ?? randomUUID()}`,
      data: { ...act, occurredAt: this.#now().toISOString() },
    });
  }
}
