import type { Envelope } from '@crossdock/contracts';
import { smallintArray, textArray, uuidArray } from '@crossdock/event-bus';
import { GatheredInserts, type Statement } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { recordKeysOf, type RecordKey } from './record-keys.ts';

/** An event and the records that it names: all that is kept of it, so that what it says need not be until the transaction commits. */
interface Entry extends Pick<Envelope, 'id' | 'tenantid' | 'time' | 'type' | 'source' | 'subject' | 'correlationid' | 'causationid'> {
  readonly records: readonly RecordKey[];
}

const entries = new GatheredInserts<Entry>((_, rows) => insertOf(rows));

/**
 * Writes down that these events of a tenant were: what they are, what led to them and which records they name, and nothing of what they say. An event that is there
 * already stays as it is. All that a transaction hears, of whatever tenants, is written by one statement with its commit.
 */
export async function writeEntries(manager: EntityManager, tenantId: string, events: readonly Envelope[]): Promise<void> {
  await entries.add(manager, tenantId, events.map((event) => entryOf(event)));
}

function entryOf(event: Envelope): Entry {
  const { id, tenantid, time, type, source, subject, correlationid, causationid } = event;
  return { id, tenantid, time, type, source, subject, correlationid, ...(causationid !== undefined && { causationid }), records: recordKeysOf(event) };
}

function insertOf(rows: readonly Entry[]): Statement {
  const named = namedBy(rows);
  return {
    // What a record's row has of its event is sent once, however many the event names.
    text: `WITH told AS MATERIALIZED (
       SELECT (at AT TIME ZONE 'UTC')::date AS entry_day, told.*
       FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[])
         WITH ORDINALITY AS told (event_id, tenant_id, at, type, service, subject, correlation_id, causation_id, place)),
     entry AS (
       INSERT INTO journal_entry (entry_day, event_id, tenant_id, at, type, service, subject, correlation_id, causation_id)
       SELECT entry_day, event_id, tenant_id, at, type, service, subject, correlation_id, causation_id FROM told ON CONFLICT DO NOTHING)
     INSERT INTO journal_record (entry_day, event_id, tenant_id, record_id, record, correlation_id, at)
     SELECT entry_day, event_id, tenant_id, record_id, record, correlation_id, at
     FROM unnest($9::smallint[], $10::text[], $11::text[]) AS named (place, record_id, record) JOIN told USING (place)
     ON CONFLICT DO NOTHING`,
    values: [
      uuidArray(rows.map(({ id }) => id)), uuidArray(rows.map(({ tenantid }) => tenantid)), rows.map(({ time }) => time), textArray(rows.map(({ type }) => type)),
      textArray(rows.map(({ source }) => source.slice(source.lastIndexOf('/') + 1))), textArray(rows.map(({ subject }) => subject)),
      uuidArray(rows.map(({ correlationid }) => correlationid)), rows.map(({ causationid }) => causationid ?? null),
      smallintArray(named.map(({ place }) => place)), textArray(named.map(({ id }) => id)), textArray(named.map(({ record }) => record)),
    ],
  };
}

interface NamedRecord extends RecordKey {
  /** Of the event among those that are written, from one on. */
  readonly place: number;
}

/** A record's way is that of the causes which had to do with it: of those that one cause led to on one day, one says so. */
function namedBy(rows: readonly Entry[]): NamedRecord[] {
  const said = new Set<string>();
  return rows.flatMap(({ tenantid, correlationid, time, records }, place) => {
    const cause = `${tenantid} ${correlationid} ${dayOf(time)} `;
    return records.filter(({ record }) => isNew(said, cause + record)).map((key) => ({ ...key, place: place + 1 }));
  });
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** Whether the set had not held it before; it does then. */
function isNew(set: Set<string>, value: string): boolean {
  const { size } = set;
  return set.add(value).size > size;
}
