import type { CallRecord } from '@crossdock/outbound-http';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { CallCount } from './call-counts.ts';

/** A call's record with what it is found by. */
export interface StoredCall extends CallRecord {
  /** Grows with the time at which the call ended. */
  readonly id: string;
  readonly correlationId: string | undefined;
  /** Of a call for several causes, the correlation ids of all. */
  readonly together: readonly string[] | undefined;
}

const insertCalls = `
  INSERT INTO connections.vendor_call
    (call_day, id, tenant_id, connection_id, vendor, operation, method, endpoint, attempt, started_at, duration_ms, outcome, status, correlation_id)
  SELECT (c."startedAt" AT TIME ZONE 'UTC')::date, c.id, c."tenantId", c."connectionId", c.vendor, c.operation, c.method, c.endpoint, c.attempt,
    c."startedAt", c."durationMs", c.outcome, c.status, c."correlationId"
  FROM jsonb_to_recordset($1::jsonb) AS c (
    id uuid, "tenantId" uuid, "connectionId" uuid, vendor text, operation text, method text, endpoint text, attempt smallint,
    "startedAt" timestamptz, "durationMs" integer, outcome text, status smallint, "correlationId" text)`;

const insertCauses = `
  INSERT INTO connections.vendor_call_cause (tenant_id, correlation_id, call_day, call_id)
  SELECT c."tenantId", cause, (c."startedAt" AT TIME ZONE 'UTC')::date, c.id
  FROM jsonb_to_recordset($1::jsonb) AS c (id uuid, "tenantId" uuid, "startedAt" timestamptz, together jsonb), jsonb_array_elements_text(c.together) AS cause
  ON CONFLICT DO NOTHING`;

const addCounts = `
  INSERT INTO connections.vendor_call_count AS kept (tenant_id, connection_id, vendor, call_day, calls, failed_calls)
  SELECT c."tenantId", c."connectionId", c.vendor, c.day, c.calls, c."failedCalls"
  FROM jsonb_to_recordset($1::jsonb) AS c ("tenantId" uuid, "connectionId" uuid, vendor text, day date, calls bigint, "failedCalls" bigint)
  ON CONFLICT (tenant_id, connection_id, call_day) DO UPDATE
  SET calls = kept.calls + excluded.calls, failed_calls = kept.failed_calls + excluded.failed_calls`;

/** Writes records and counts of many tenants, all or nothing. */
export async function writeCalls(database: TenantDatabase, calls: readonly StoredCall[], counts: readonly CallCount[]): Promise<void> {
  await database.systemTransaction(async (manager) => {
    const rows = calls.map((call) => ({ ...call, durationMs: Math.round(call.durationMs) }));
    if (rows.length > 0) await manager.query(insertCalls, [JSON.stringify(rows)]);
    const shared = rows.filter(({ together }) => together !== undefined);
    if (shared.length > 0) await manager.query(insertCauses, [JSON.stringify(shared)]);
    if (counts.length > 0) await manager.query(addCounts, [JSON.stringify(counts)]);
  });
}

/** Makes the partitions of the coming days and drops those that are too old; of all replicas one does it in an hour. */
export async function keepCallDays(database: TenantDatabase, retentionDays: number): Promise<void> {
  await database.systemTransaction((manager) => manager.query('SELECT connections.keep_call_days($1)', [retentionDays]));
}
