import { pageSchema, storedTimeSchema, vendorSchema } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

const time = z.iso.datetime({ offset: true });

/** Which calls are asked for; newest first. */
export const callQuerySchema = z.strictObject({
  since: time.optional(),
  until: time.optional(),
  /** `failed` is all but `success`. */
  result: z.enum(['success', 'failed']).optional(),
  operation: z.string().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.uuid().optional(),
});
export type CallQuery = z.infer<typeof callQuerySchema>;

/** A call as support sees it. */
export const callViewSchema = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  connectionId: z.uuid(),
  startedAt: storedTimeSchema,
  vendor: vendorSchema,
  operation: z.string(),
  method: z.string(),
  endpoint: z.string(),
  attempt: z.int(),
  outcome: z.string(),
  status: z.int().nullable(),
  durationMs: z.int(),
  correlationId: z.string().nullable(),
}).meta({ id: 'VendorCall' });
export type CallView = z.infer<typeof callViewSchema>;

export const callPageSchema = pageSchema(callViewSchema);
export type CallPage = z.infer<typeof callPageSchema>;

const callColumns = `id, tenant_id AS "tenantId", connection_id AS "connectionId", started_at AS "startedAt", vendor, operation, method, endpoint, attempt,
       outcome, status, duration_ms AS "durationMs", correlation_id AS "correlationId"`;

/** Which calls are asked for by what led to them. */
export interface CallsOfCauses {
  readonly correlationIds: readonly string[];
  /** Begun later than this, and not later than that; absent: without bound. */
  readonly after?: Date | undefined;
  readonly until?: Date | undefined;
  readonly limit: number;
}

/** The tenant's calls that these causes led to, also where a call was made for several at once; oldest first, in the caller's tenant transaction. */
export async function listCallsOfCauses(manager: EntityManager, { correlationIds, after, until, limit }: CallsOfCauses): Promise<CallView[]> {
  const rows: unknown = await manager.query(
    `WITH cause AS (SELECT unnest($1::text[]) AS correlation_id), found AS (
       SELECT vendor_call.* FROM cause JOIN connections.vendor_call USING (correlation_id)
       UNION
       SELECT vendor_call.* FROM cause JOIN connections.vendor_call_cause AS shared USING (correlation_id)
         JOIN connections.vendor_call ON vendor_call.call_day = shared.call_day AND vendor_call.id = shared.call_id
     )
     SELECT ${callColumns} FROM found
     WHERE ($2::timestamptz IS NULL OR started_at > $2) AND ($3::timestamptz IS NULL OR started_at <= $3)
     ORDER BY started_at, id LIMIT $4`, [correlationIds, after ?? null, until ?? null, limit]);
  return z.array(callViewSchema).parse(rows);
}

/** A page of calls, of one connection or of all that the transaction may see. */
export async function listCalls(manager: EntityManager, query: CallQuery, connectionId?: string): Promise<CallPage> {
  const rows: unknown = await manager.query(
    `SELECT ${callColumns}
     FROM connections.vendor_call
     WHERE ($1::uuid IS NULL OR connection_id = $1) AND ($2::uuid IS NULL OR id < $2)
       AND ($3::timestamptz IS NULL OR (started_at >= $3 AND call_day >= ($3::timestamptz AT TIME ZONE 'UTC')::date))
       AND ($4::timestamptz IS NULL OR (started_at < $4 AND call_day <= ($4::timestamptz AT TIME ZONE 'UTC')::date))
       AND ($5::text IS NULL OR (outcome = 'success') = ($5 = 'success')) AND ($6::text IS NULL OR operation = $6)
     ORDER BY id DESC LIMIT $7`,
    [connectionId ?? null, query.cursor ?? null, query.since ?? null, query.until ?? null, query.result ?? null, query.operation ?? null, query.limit],
  );
  const items = z.array(callViewSchema).parse(rows);
  const last = items.at(-1);
  return { items, ...(items.length === query.limit && last && { nextCursor: last.id }) };
}

const day = z.iso.date();

/** The days asked for, the first and the last included; without them the last thirty. */
export const usageQuerySchema = z.strictObject({ from: day.optional(), to: day.optional() });
export type UsageQuery = z.infer<typeof usageQuerySchema>;

export const usageSchema = z.object({
  tenantId: z.uuid(), vendor: vendorSchema, day, calls: z.coerce.number().int(), failedCalls: z.coerce.number().int(),
});
/** How many calls a tenant made to a vendor on a day (UTC), and how many of them failed. */
export type UsageView = z.infer<typeof usageSchema>;

/** The calls of each tenant that the transaction may see, by vendor and day, newest day first. */
export async function listUsage(manager: EntityManager, { from, to }: UsageQuery): Promise<UsageView[]> {
  const rows: unknown = await manager.query(
    `SELECT tenant_id AS "tenantId", vendor, to_char(call_day, 'YYYY-MM-DD') AS day, sum(calls) AS calls, sum(failed_calls) AS "failedCalls"
     FROM connections.vendor_call_count
     WHERE call_day >= COALESCE($1::date, (now() AT TIME ZONE 'UTC')::date - 29) AND ($2::date IS NULL OR call_day <= $2::date)
     GROUP BY tenant_id, vendor, call_day ORDER BY call_day DESC, tenant_id, vendor`,
    [from ?? null, to ?? null],
  );
  return z.array(usageSchema).parse(rows);
}
