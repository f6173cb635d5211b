import { vendorSchema } from '@crossdock/contracts';
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

const viewSchema = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  connectionId: z.uuid(),
  startedAt: z.date().transform((at) => at.toISOString()),
  vendor: vendorSchema,
  operation: z.string(),
  method: z.string(),
  endpoint: z.string(),
  attempt: z.int(),
  outcome: z.string(),
  status: z.int().nullable(),
  durationMs: z.int(),
  correlationId: z.string().nullable(),
});
/** A call as support sees it. */
export type CallView = z.infer<typeof viewSchema>;

export interface CallPage {
  readonly items: readonly CallView[];
  readonly nextCursor?: string;
}

/** A page of calls, of one connection or of all that the transaction may see. */
export async function listCalls(manager: EntityManager, query: CallQuery, connectionId?: string): Promise<CallPage> {
  const rows: unknown = await manager.query(
    `SELECT id, tenant_id AS "tenantId", connection_id AS "connectionId", started_at AS "startedAt", vendor, operation, method, endpoint, attempt,
       outcome, status, duration_ms AS "durationMs", correlation_id AS "correlationId"
     FROM connections.vendor_call
     WHERE ($1::uuid IS NULL OR connection_id = $1) AND ($2::uuid IS NULL OR id < $2)
       AND ($3::timestamptz IS NULL OR (started_at >= $3 AND call_day >= ($3::timestamptz AT TIME ZONE 'UTC')::date))
       AND ($4::timestamptz IS NULL OR (started_at < $4 AND call_day <= ($4::timestamptz AT TIME ZONE 'UTC')::date))
       AND ($5::text IS NULL OR (outcome = 'success') = ($5 = 'success')) AND ($6::text IS NULL OR operation = $6)
     ORDER BY id DESC LIMIT $7`,
    [connectionId ?? null, query.cursor ?? null, query.since ?? null, query.until ?? null, query.result ?? null, query.operation ?? null, query.limit],
  );
  const items = z.array(viewSchema).parse(rows);
  const last = items.at(-1);
  return { items, ...(items.length === query.limit && last && { nextCursor: last.id }) };
}

const day = z.iso.date();

/** The days asked for, the first and the last included; without them the last thirty. */
export const usageQuerySchema = z.strictObject({ from: day.optional(), to: day.optional() });
export type UsageQuery = z.infer<typeof usageQuerySchema>;

const usageSchema = z.object({
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
