import type { EntityManager } from 'typeorm';
import type { Envelope } from '@crossdock/contracts';
import { tenantContext, turnToTenant, type TenantDatabase, type TenantScope } from '@crossdock/tenancy';
import { v7 as uuid } from 'uuid';
import { EventContext } from './event-context.ts';
import { uuidArray } from './outbox/binary-array.ts';

export type HandledOutcome = 'applied' | 'stale' | 'duplicate';

/** How a service takes events: one by one, or all of a tenant that came together. */
export interface EventTakers {
  readonly one: (envelope: Envelope, context: EventContext) => Promise<void>;
  readonly many?: ((envelopes: readonly Envelope[], context: EventContext) => Promise<void>) | undefined;
  /** Whether `many` takes events of several types in one call. */
  readonly takesTypesTogether?: boolean;
}

/** Events of one type that came together, with the handler for them. */
export interface EventBatch {
  readonly envelopes: readonly Envelope[];
  readonly takers: EventTakers;
}

interface Entry {
  readonly batch: EventBatch;
  readonly envelope: Envelope;
  outcome: HandledOutcome;
}

/** Lets each event have its effect once: the effect and the note that it was had commit together. */
export class EventInbox {
  readonly #database: TenantDatabase;
  readonly #consumer: string;

  constructor(database: TenantDatabase, consumer: string) {
    this.#database = database;
    this.#consumer = consumer;
  }

  async handle(envelope: Envelope, handler: (context: EventContext) => Promise<void>): Promise<HandledOutcome> {
    return tenantContext.run(scopeOfEvent(envelope), () =>
      this.#database.transaction(envelope.tenantid, (manager) => this.handleWithin(manager, envelope, handler)));
  }

  /** The same inside a tenant transaction that is already running, for whoever commits more together with the effect. */
  async handleWithin(manager: EntityManager, envelope: Envelope, handler: (context: EventContext) => Promise<void>): Promise<HandledOutcome> {
    if (!await this.note(manager, envelope)) return 'duplicate';
    const context = new EventContext([manager]);
    await handler(context);
    return context.isStale(envelope) ? 'stale' : 'applied';
  }

  /**
   * Takes batches in one transaction: noted by one statement, handled tenant by tenant, each batch in the order its events
   * came. All have their effect, or none.
   * @param alongside commits with them; it is called in the system scope, before any event.
   * @returns for each batch what became of its events, in the order given.
   */
  handleAll(
    batches: readonly EventBatch[], alongside: (manager: EntityManager) => void,
  ): Promise<ReadonlyArray<readonly HandledOutcome[]>> {
    return this.#database.systemTransaction(async (manager) => {
      alongside(manager);
      const entries = batches.flatMap((batch) => batch.envelopes.map((envelope): Entry => ({ batch, envelope, outcome: 'applied' })));
      const isFirst = await this.#noteAll(manager, entries.map(({ envelope }) => envelope));
      for (const [position, entry] of entries.entries()) {
        if (isFirst[position] !== true) entry.outcome = 'duplicate';
      }
      const fresh = entries.filter(({ outcome }) => outcome === 'applied');
      for (const [tenantId, ofTenant] of Map.groupBy(fresh, ({ envelope }) => envelope.tenantid)) {
        await turnToTenant(manager, tenantId);
        const calls = Map.groupBy(ofTenant, ({ batch }) => (batch.takers.takesTypesTogether === true ? 'together' : batch));
        for (const entriesOfCall of calls.values()) await takeEntries(manager, entriesOfCall);
      }
      const ofBatches = Map.groupBy(entries, ({ batch }) => batch);
      return batches.map((batch) => (ofBatches.get(batch) ?? []).map(({ outcome }) => outcome));
    });
  }

  /** Notes in the caller's tenant transaction that this consumer had the event. @returns whether it is the first time. */
  async note(manager: EntityManager, envelope: Envelope): Promise<boolean> {
    const [isFirst] = await this.#noteAll(manager, [envelope]);
    return isFirst ?? false;
  }

  async #noteAll(manager: EntityManager, envelopes: readonly Envelope[]): Promise<readonly boolean[]> {
    const noted = await manager.query<Array<{ event_id: string }>>(
      `INSERT INTO inbox (event_day, event_id, tenant_id, consumer) SELECT *, $4 FROM unnest($1::date[], $2::uuid[], $3::uuid[])
       ON CONFLICT DO NOTHING RETURNING event_id`,
      [
        envelopes.map((envelope) => dayOf(envelope)), uuidArray(envelopes.map((envelope) => envelope.id)),
        uuidArray(envelopes.map((envelope) => envelope.tenantid)), this.#consumer,
      ],
    );
    const first = new Set(noted.map((row) => row.event_id));
    // The same event twice among them: the first takes the note.
    return envelopes.map((envelope) => first.delete(envelope.id.toLowerCase()));
  }
}

/** The day in UTC that the event says of itself: the same for each repeat, whenever it comes. */
function dayOf(envelope: Envelope): string {
  return envelope.time.slice(0, 10);
}

/** In whose name that is done which an event sets in motion. */
export function scopeOfEvent(envelope: Envelope): TenantScope {
  return { tenantId: envelope.tenantid, correlationId: envelope.correlationid, causationId: envelope.id };
}

async function takeEntries(manager: EntityManager, entries: readonly Entry[]): Promise<void> {
  const many = entries[0]?.batch.takers.many;
  if (many) return takeTogether(manager, entries, many);
  for (const entry of entries) {
    const context = new EventContext([manager]);
    await tenantContext.run(scopeOfEvent(entry.envelope), () => entry.batch.takers.one(entry.envelope, context));
    if (context.isStale(entry.envelope)) entry.outcome = 'stale';
  }
}

async function takeTogether(manager: EntityManager, entries: readonly Entry[], take: NonNullable<EventTakers['many']>): Promise<void> {
  const envelopes = entries.map(({ envelope }) => envelope);
  const [first] = envelopes;
  if (!first) return;
  const context = new EventContext([manager]);
  // What is said about many events at once has no one cause.
  const scope = envelopes.length === 1 ? scopeOfEvent(first) : { tenantId: first.tenantid, correlationId: uuid() };
  await tenantContext.run(scope, () => take(envelopes, context));
  for (const entry of entries) if (context.isStale(entry.envelope)) entry.outcome = 'stale';
}
