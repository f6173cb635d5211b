import type { Envelope } from '@crossdock/contracts';
import { textArray, uuidArray } from '@crossdock/event-bus';
import type { EntityManager } from 'typeorm';
import { recordKeysOf } from './record-keys.ts';

/**
 * Writes down that these events were, in the caller's tenant transaction: what they are, what led to them and which records
 * they name, and nothing of what they say. An event that is there already stays as it is.
 */
export async function writeEntries(manager: EntityManager, events: readonly Envelope[]): Promise<void> {
  const named = events.flatMap((event, place) => recordKeysOf(event).map((key) => ({ ...key, place: place + 1 })));
  // What a record's row has of its event is sent once, however many the event names.
  await manager.query(
    `WITH told AS MATERIALIZED (
       SELECT (at AT TIME ZONE 'UTC')::date AS entry_day, told.*
       FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[])
         WITH ORDINALITY AS told (event_id, tenant_id, at, type, service, subject, correlation_id, causation_id, place)),
     entry AS (
       INSERT INTO journal_entry (entry_day, event_id, tenant_id, at, type, service, subject, correlation_id, causation_id)
       SELECT entry_day, event_id, tenant_id, at, type, service, subject, correlation_id, causation_id FROM told ON CONFLICT DO NOTHING)
     INSERT INTO journal_record (entry_day, event_id, tenant_id, record_id, record, correlation_id, at)
     SELECT entry_day, event_id, tenant_id, record_id, record, correlation_id, at
     FROM unnest($9::int[], $10::text[], $11::text[]) AS named (place, record_id, record) JOIN told USING (place)
     ON CONFLICT DO NOTHING`,
    [
      uuidArray(events.map(({ id }) => id)), uuidArray(events.map(({ tenantid }) => tenantid)), events.map(({ time }) => time), textArray(events.map(({ type }) => type)),
      textArray(events.map(({ source }) => source.slice(source.lastIndexOf('/') + 1))), textArray(events.map(({ subject }) => subject)),
      uuidArray(events.map(({ correlationid }) => correlationid)), events.map(({ causationid }) => causationid ?? null),
      named.map(({ place }) => place), textArray(named.map(({ id }) => id)), textArray(named.map(({ record }) => record)),
    ],
  );
}
