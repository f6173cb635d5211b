import type { Envelope } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { recordKeysOf } from './record-keys.ts';

/**
 * Writes down that these events were, in the caller's tenant transaction: what they are, what led to them and which records
 * they name, and nothing of what they say. An event that is there already stays as it is.
 */
export async function writeEntries(manager: EntityManager, events: readonly Envelope[]): Promise<void> {
  await manager.query(
    `INSERT INTO journal_entry (entry_day, event_id, tenant_id, at, type, service, subject, correlation_id, causation_id)
     SELECT (at AT TIME ZONE 'UTC')::date, * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[])
       AS told (event_id, tenant_id, at, type, service, subject, correlation_id, causation_id)
     ON CONFLICT DO NOTHING`,
    [
      events.map(({ id }) => id), events.map(({ tenantid }) => tenantid), events.map(({ time }) => time), events.map(({ type }) => type),
      events.map(({ source }) => source.slice(source.lastIndexOf('/') + 1)), events.map(({ subject }) => subject),
      events.map(({ correlationid }) => correlationid), events.map(({ causationid }) => causationid ?? null),
    ],
  );
  const named = events.flatMap((event) => recordKeysOf(event).map((key) => ({ event, ...key })));
  await manager.query(
    `INSERT INTO journal_record (entry_day, event_id, tenant_id, record_id, record, correlation_id, at)
     SELECT (at AT TIME ZONE 'UTC')::date, * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[])
       AS named (event_id, tenant_id, record_id, record, correlation_id, at)
     ON CONFLICT DO NOTHING`,
    [
      named.map(({ event }) => event.id), named.map(({ event }) => event.tenantid), named.map(({ id }) => id), named.map(({ record }) => record),
      named.map(({ event }) => event.correlationid), named.map(({ event }) => event.time),
    ],
  );
}
