import { listCallsOfCauses, type CallView } from '@crossdock/connections';
import { crmRecordTouched, Failure, lineageStepSchema, orderReceived, storedTimeSchema, trackingReceived, type LineageStep } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import { UnprocessableEntityException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { LineageQuery } from './lineage-query.ts';

const eventSchema = z.object({
  id: z.uuid(), at: storedTimeSchema, type: z.string(), service: z.string(), subject: z.string(),
  correlationId: z.uuid(), causationId: z.uuid().nullable(),
});
type EventRow = z.infer<typeof eventSchema>;

/** A page of a record's way. */
export const lineageSchema = z.object({
  records: z.array(z.string()).readonly().describe('The record as events name it; several where an id alone stands for one record under several names.'),
  items: z.array(lineageStepSchema).readonly(),
  correlationIds: z.array(z.uuid()).readonly().describe('The causes that its way goes back to, newest first.'),
  nextCursor: z.string().exactOptional(),
});
export type Lineage = z.infer<typeof lineageSchema>;

/** Who has an id that is so many records' finds the one by another name. */
const mostCandidates = 10;
/** Causes beyond these are older than what a person looks for. */
const mostCauses = 1_000;
/** So many calls at most stand between the events of a page. */
const mostCalls = 1_000;
/** What the gateway says of a webhook that it has accepted; it accepts none whose signature is not right. */
const toldByWebhook: ReadonlySet<string> = new Set([orderReceived, crmRecordTouched, trackingReceived].map(({ type }) => type));
const uuidOnly = z.uuid();
const eventPrefix = 'event/';

/**
 * Tells what happened to a record, oldest first: every event that names it, all that has the same causes as one of those, and
 * the calls to vendors that this led to. In the caller's tenant transaction.
 * @throws Failure `not_found` where no event names the record; UnprocessableEntityException with the candidates where an id alone stands for different records.
 */
export async function lineageOf(manager: EntityManager, { record, limit, cursor }: LineageQuery): Promise<Lineage> {
  const found = await findCauses(manager, record);
  const correlationIds = found.map(({ correlationId }) => correlationId);
  const records = [...new Set(found.flatMap((cause) => cause.records))].sort();
  if (records.length === 0) throw new Failure('not_found', `No event of the days that are kept names ${record}.`);
  if (records.length > 1 && !isOneRecord(record)) {
    const candidates = records.slice(0, mostCandidates);
    throw new UnprocessableEntityException({ code: 'invalid', message: `${record} stands for several records: ${candidates.join(', ')}. Ask for one of them.`, candidates });
  }
  const since = found.reduce((earliest, cause) => (cause.since < earliest ? cause.since : earliest), new Date());
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const rows = await listEvents(manager, { correlationIds, since, after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const calls = await listCallsOfCauses(manager, { correlationIds, limit: mostCalls, after: after && new Date(after.at), until: last && new Date(last.at) });
  const items = [...page.map(stepOfEvent), ...calls.map(stepOfCall)].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  return { records, items, correlationIds, ...(last && { nextCursor: `${last.at}|${last.id}` }) };
}

/** Ids of the hub's own are one record's, under whatever names; a vendor's may be another vendor's as well. */
function isOneRecord(record: string): boolean {
  return record.includes('/') || uuidOnly.safeParse(record).success;
}

/** A page goes on behind this event. */
interface Place {
  readonly at: string;
  readonly id: string;
}

function placeOf(cursor: string): Place {
  const [at = '', id = ''] = cursor.split('|');
  return { at, id };
}

/** The event that a name may stand for. */
function eventIdOf(record: string): string | null {
  return uuidOnly.safeParse(record.startsWith(eventPrefix) ? record.slice(eventPrefix.length) : record).data ?? null;
}

const causeSchema = z.object({ correlationId: z.uuid(), records: z.array(z.string()), since: z.date() });

/** The tenant is named although rows of others are not seen: by it the index is found. An event is a record as well, which its entry tells of. */
async function findCauses(manager: EntityManager, record: string): Promise<Array<z.infer<typeof causeSchema>>> {
  const rows: unknown = await manager.query(
    `SELECT correlation_id AS "correlationId", array_agg(DISTINCT record) AS records, min(at) AS since
     FROM (
       SELECT correlation_id, record, at FROM journal_record WHERE tenant_id = $4 AND record_id = $1 AND ($2::text IS NULL OR record = $2)
       UNION ALL
       SELECT correlation_id, 'event/' || event_id, at FROM journal_entry WHERE tenant_id = $4 AND event_id = $5
     ) AS found
     GROUP BY correlation_id ORDER BY max(at) DESC LIMIT $3`,
    [record.slice(record.lastIndexOf('/') + 1), record.includes('/') ? record : null, mostCauses, tenantContext.require().tenantId, eventIdOf(record)]);
  return z.array(causeSchema).parse(rows);
}

/** What led to a record's first event came before it, on the same day or the one before; older partitions need not be looked at. */
async function listEvents(
  manager: EntityManager,
  { correlationIds, since, after, limit }: { readonly correlationIds: readonly string[]; readonly since: Date; readonly after: Place | undefined; readonly limit: number },
): Promise<EventRow[]> {
  const rows: unknown = await manager.query(
    `SELECT event_id AS id, at, type, service, subject, correlation_id AS "correlationId", causation_id AS "causationId"
     FROM journal_entry
     WHERE tenant_id = $6 AND correlation_id = ANY ($1) AND entry_day >= ($2::timestamptz AT TIME ZONE 'UTC')::date - 1 AND ($3::timestamptz IS NULL OR (at, event_id) > ($3, $4::uuid))
     ORDER BY at, event_id LIMIT $5`, [correlationIds, since, after?.at ?? null, after?.id ?? null, limit, tenantContext.require().tenantId]);
  return z.array(eventSchema).parse(rows);
}

function stepOfEvent({ causationId, ...event }: EventRow): LineageStep {
  if (causationId !== null) return { kind: 'event', ...event, causationId };
  return event.service === 'gateway' && toldByWebhook.has(event.type) ? { kind: 'webhook', signature: 'verified', ...event } : { kind: 'event', ...event };
}

/** A call that was tried again stands there once for each try. */
function stepOfCall({ startedAt, vendor, connectionId, operation, method, attempt, outcome, status, durationMs, correlationId }: CallView): LineageStep {
  return {
    kind: 'vendor_call', at: startedAt, vendor, connectionId, operation, method, attempt, outcome, durationMs,
    ...(status !== null && { status }), ...(correlationId !== null && { correlationId }),
  };
}
