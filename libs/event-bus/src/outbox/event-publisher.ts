import { context as telemetryContext, propagation } from '@opentelemetry/api';
import type { EntityManager } from 'typeorm';
import {
  dataSchemaOf, eventKey, type Envelope, type EventData, type EventDefinition, type EventOf, type ServiceName,
} from '@crossdock/contracts';
import { afterCommit, tenantContext, type TenantScope } from '@crossdock/tenancy';
import { v7 as uuid } from 'uuid';
import { reach } from '../crash-points.ts';
import { shardOf } from './outbox-shard.ts';

/** An event to be said. */
export interface NewEvent<Definition extends EventDefinition> {
  /** The record it is about, such as `order/7f3c…`; events of one record keep their order. */
  readonly subject: string;
  readonly data: EventData<Definition>;
  /** Give a deterministic id where the cause is deterministic, so that a repeat is recognised. */
  readonly id?: string;
}

/** The one way to say something to other services: a row in the outbox, in the transaction of the state change. */
export class EventPublisher {
  readonly #service: ServiceName;
  readonly #onCommitted: (shards: ReadonlySet<number>) => void;

  /** @param onCommitted called after a transaction that published has committed, with the shards it wrote to; it wakes the relay. */
  constructor(service: ServiceName, onCommitted: (shards: ReadonlySet<number>) => void) {
    this.#service = service;
    this.#onCommitted = onCommitted;
  }

  /**
   * Writes one event to the outbox. Tenant, correlation and cause come from the tenant context.
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

  /** Writes envelopes, of several tenants where the transaction has the system scope, in one statement. */
  async append(manager: EntityManager, envelopes: readonly Envelope[]): Promise<void> {
    const rows = envelopes.map((envelope) => {
      const key = eventKey(envelope);
      const headers = { 'content-type': 'application/cloudevents+json', 'ce_id': envelope.id, 'ce_type': envelope.type };
      return { tenantId: envelope.tenantid, shard: shardOf(key), topic: envelope.type, key, headers, payload: JSON.stringify(envelope) };
    });
    await manager.query(
      `INSERT INTO outbox (tenant_id, shard, topic, key, headers, payload)
       SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::jsonb[], $6::text[])`,
      [
        rows.map((row) => row.tenantId), rows.map((row) => row.shard), rows.map((row) => row.topic),
        rows.map((row) => row.key), rows.map((row) => row.headers), rows.map((row) => row.payload),
      ],
    );
    const shards = new Set(rows.map((row) => row.shard));
    afterCommit(manager, () => {
      reach('outboxCommitted');
      this.#onCommitted(shards);
    });
  }
}
