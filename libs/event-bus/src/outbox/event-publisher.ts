import { context as telemetryContext, propagation } from '@opentelemetry/api';
import type { EntityManager } from 'typeorm';
import {
  dataSchemaOf, type Envelope, type EventData, type EventDefinition, type EventOf, type ServiceName,
} from '@crossdock/contracts';
import { afterCommit, GatheredInserts, tenantContext, type PreparedStatement, type Statement, type SystemSession, type TenantScope } from '@crossdock/tenancy';
import { v7 as uuid } from 'uuid';
import { reach } from '../crash-points.ts';
import { eventColumns, fromOutboxParameters, outboxColumns, outboxParameters } from './outbox-insert.ts';

/** An event to be said. */
export interface NewEvent<Definition extends EventDefinition> {
  /** The record it is about, such as `order/7f3c…`; events of one record keep their order. */
  readonly subject: string;
  readonly data: EventData<Definition>;
  /** Give a deterministic id where the cause is deterministic, so that a repeat is recognised. */
  readonly id?: string;
}

/** Writes what tells new events from repeated ones, and with them the new ones, in one statement. */
export interface NoveltyInsert {
  /** The prepared statement, made once by `noveltyInsert`. */
  readonly statement: PreparedStatement;
  /** Values of the parameters of the insert that it was made of. */
  readonly parameters: readonly unknown[];
}

/**
 * @param name of the prepared statement.
 * @param insert `INSERT … ON CONFLICT DO NOTHING RETURNING event_id`, with parameters from `$1` on.
 * @param parameterCount how many parameters it has.
 */
export function noveltyInsert(name: string, insert: string, parameterCount: number): PreparedStatement {
  return {
    name,
    text: `WITH novel AS (${insert}),
      said AS (
        INSERT INTO outbox (${outboxColumns})
        SELECT ${eventColumns} FROM ${fromOutboxParameters(parameterCount + 1)} JOIN novel USING (event_id) ORDER BY place
      )
      SELECT event_id FROM novel`,
  };
}

/** The one way to say something to other services: a row in the outbox, in the transaction of the state change. */
export class EventPublisher {
  readonly #service: ServiceName;
  readonly #onCommitted: (shards: ReadonlySet<number>) => void;
  readonly #said = new GatheredInserts<Envelope>((manager, envelopes) => this.#insert(manager, envelopes));

  /** @param onCommitted called after a transaction that published has committed, with the shards it wrote to; it wakes the relay. */
  constructor(service: ServiceName, onCommitted: (shards: ReadonlySet<number>) => void) {
    this.#service = service;
    this.#onCommitted = onCommitted;
  }

  /**
   * Has one event written to the outbox. Tenant, correlation and cause come from the tenant context.
   * @throws Error where the data does not fit the event's schema: a fault of ours that must not leave the service.
   */
  async publish<Definition extends EventDefinition>(
    manager: EntityManager, definition: Definition, event: NewEvent<Definition>,
  ): Promise<EventOf<Definition>> {
    const envelope = this.envelope(tenantContext.require(), definition, event);
    await this.append(manager, [envelope]);
    return envelope;
  }

  /** Builds the envelope of an event without writing it; `append` writes many at once. */
  envelope<Definition extends EventDefinition>(
    scope: TenantScope, definition: Definition, event: NewEvent<Definition>,
  ): EventOf<Definition> {
    const checked = definition.schema.safeParse(event.data);
    if (!checked.success) {
      throw new Error(`${definition.type} about ${event.subject} does not fit its schema: ${checked.error.message}`);
    }
    const carrier: { traceparent?: string } = {};
    propagation.inject(telemetryContext.active(), carrier);
    return {
      specversion: '1.0',
      id: event.id ?? uuid(),
      source: `/crossdock/${this.#service}`,
      type: definition.type,
      time: new Date().toISOString(),
      subject: event.subject,
      datacontenttype: 'application/json',
      dataschema: dataSchemaOf(definition.type),
      tenantid: scope.tenantId,
      correlationid: scope.correlationId,
      ...(scope.causationId && { causationid: scope.causationId }),
      ...(carrier.traceparent && { traceparent: carrier.traceparent }),
      data: event.data,
    };
  }

  /** Has envelopes written, of several tenants where the transaction has the system scope: all that a transaction says goes into the outbox by one statement before it commits. */
  async append(manager: EntityManager, envelopes: readonly Envelope[]): Promise<void> {
    for (const envelope of envelopes) await this.#said.add(manager, envelope.tenantid, [envelope]);
  }

  /**
   * Writes, in one statement and so in one commit, what tells new events and their outbox rows. When the promise is kept, all of it is durable.
   * @param envelopes of different events.
   * @returns the ids of the events that are new.
   */
  async appendNew(session: SystemSession, { statement, parameters: given }: NoveltyInsert, envelopes: readonly Envelope[]): Promise<ReadonlySet<string>> {
    const { parameters, shards } = outboxParameters(envelopes);
    const inserted = await session.query(statement, [...given, ...parameters]) as Array<{ event_id: string }>;
    if (inserted.length > 0) this.#tellCommitted(shards);
    return new Set(inserted.map((row) => row.event_id));
  }

  #insert(manager: EntityManager, envelopes: readonly Envelope[]): Statement {
    const { parameters, shards } = outboxParameters(envelopes);
    afterCommit(manager, () => this.#tellCommitted(shards));
    return { text: `INSERT INTO outbox (${outboxColumns}) SELECT ${eventColumns} FROM ${fromOutboxParameters(1)} ORDER BY place`, values: parameters };
  }

  #tellCommitted(shards: ReadonlySet<number>): void {
    reach('outboxCommitted');
    this.#onCommitted(shards);
  }
}
