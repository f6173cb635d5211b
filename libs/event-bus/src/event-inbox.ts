import type { EntityManager } from 'typeorm';
import type { Envelope } from '@crossdock/contracts';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import { EventContext } from './event-context.ts';

export type HandledOutcome = 'applied' | 'stale' | 'duplicate';

/** Lets each event have its effect once: the effect and the note that it was had commit together. */
export class EventInbox {
  readonly #database: TenantDatabase;
  readonly #consumer: string;

  constructor(database: TenantDatabase, consumer: string) {
    this.#database = database;
    this.#consumer = consumer;
  }

  async handle(envelope: Envelope, handler: (context: EventContext) => Promise<void>): Promise<HandledOutcome> {
    const scope = { tenantId: envelope.tenantid, correlationId: envelope.correlationid, causationId: envelope.id };
    return tenantContext.run(scope, () =>
      this.#database.transaction(envelope.tenantid, (manager) => this.handleWithin(manager, envelope, handler)));
  }

  /** The same inside a tenant transaction that is already running, for whoever commits more together with the effect. */
  async handleWithin(manager: EntityManager, envelope: Envelope, handler: (context: EventContext) => Promise<void>): Promise<HandledOutcome> {
    if (!await this.note(manager, envelope)) return 'duplicate';
    const context = new EventContext([manager]);
    await handler(context);
    return context.isStale ? 'stale' : 'applied';
  }

  /** Notes in the caller's tenant transaction that this consumer had the event. @returns whether it is the first time. */
  async note(manager: EntityManager, envelope: Envelope): Promise<boolean> {
    const noted = await manager.query<unknown[]>(
      `INSERT INTO inbox (event_id, consumer, tenant_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1`,
      [envelope.id, this.#consumer, envelope.tenantid],
    );
    return noted.length > 0;
  }
}
