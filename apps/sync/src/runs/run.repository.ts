import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

export const runKindSchema = z.enum(['load', 'reconciliation']);
export type RunKind = z.infer<typeof runKindSchema>;
export const runStateSchema = z.enum(['running', 'succeeded', 'failed', 'cancelled']);
export type RunState = z.infer<typeof runStateSchema>;

/** How far one account has been read and compared. */
const runScanSchema = z.object({
  scanId: z.uuid(),
  connectionId: z.uuid(),
  state: z.enum(['running', 'read', 'compared', 'broken_off']),
  compared: z.int().describe('Records compared so far.'),
  told: z.int().exactOptional().describe('How many there are, once all were read.'),
  missing: z.int().exactOptional().describe('Records that were known and not found; each was looked up.'),
  differences: z.int().describe('Fields in which the account differed from what was known of it.'),
});
export type RunScan = z.infer<typeof runScanSchema>;

/** Reading all accounts of a sync completely, and comparing what they hold. */
export const syncRunSchema = z.object({
  id: z.uuid(),
  syncId: z.uuid(),
  kind: runKindSchema,
  state: runStateSchema,
  message: z.string().exactOptional(),
  startedAt: z.date(),
  endedAt: z.date().exactOptional(),
  scans: z.array(runScanSchema).readonly(),
});
export type SyncRun = z.infer<typeof syncRunSchema>;

const rowSchema = z.object({
  run_id: z.uuid(), sync_id: z.uuid(), kind: runKindSchema, state: runStateSchema,
  message: z.string().nullable(), started_at: z.date(), ended_at: z.date().nullable(),
});
const scanRowSchema = z.object({
  scan_id: z.uuid(), run_id: z.uuid(), connection_id: z.uuid(), state: runScanSchema.shape.state,
  told: z.int().nullable(), missing: z.int().nullable(), compared: z.coerce.number(), differences: z.coerce.number(),
});

/** @returns undefined where one of the sync is under way. */
export async function insertRun(
  manager: EntityManager, { id, syncId, kind, scans }: { readonly id: string; readonly syncId: string; readonly kind: RunKind; readonly scans: ReadonlyMap<string, string> },
): Promise<boolean> {
  const { tenantId } = tenantContext.require();
  const made = await manager.query<unknown[]>(
    `INSERT INTO sync_run (run_id, tenant_id, sync_id, kind, state) VALUES ($1, $2, $3, $4, 'running') ON CONFLICT DO NOTHING RETURNING 1`,
    [id, tenantId, syncId, kind]);
  if (made.length === 0) return false;
  await manager.query(
    `INSERT INTO sync_scan (scan_id, tenant_id, run_id, connection_id, state) SELECT scan_id, $1, $2, connection_id, 'running'
     FROM unnest($3::uuid[], $4::uuid[]) AS scan(connection_id, scan_id)`, [tenantId, id, [...scans.keys()], [...scans.values()]]);
  return true;
}

export async function findRun(manager: EntityManager, id: string): Promise<SyncRun | undefined> {
  const [run] = await runsOf(manager, await manager.query<unknown[]>('SELECT * FROM sync_run WHERE run_id = $1', [id]));
  return run;
}

/** Newest first. */
export async function listRuns(manager: EntityManager, syncId: string, limit: number): Promise<SyncRun[]> {
  return runsOf(manager, await manager.query<unknown[]>('SELECT * FROM sync_run WHERE sync_id = $1 ORDER BY started_at DESC LIMIT $2', [syncId, limit]));
}

/** @returns the run and the kind of records that a scan belongs to, while the run is under way. */
export async function findRunOfScan(manager: EntityManager, scanId: string): Promise<SyncRun | undefined> {
  const rows = await manager.query<unknown[]>(
    `SELECT sync_run.* FROM sync_run JOIN sync_scan USING (run_id) WHERE scan_id = $1 AND sync_run.state = 'running' FOR UPDATE OF sync_run`, [scanId]);
  return (await runsOf(manager, rows))[0];
}

export async function setScan(manager: EntityManager, scanId: string, { state, told, missing }: Partial<Pick<RunScan, 'state' | 'told' | 'missing'>>): Promise<void> {
  await manager.query(
    'UPDATE sync_scan SET state = coalesce($2, state), told = coalesce($3, told), missing = coalesce($4, missing) WHERE scan_id = $1',
    [scanId, state ?? null, told ?? null, missing ?? null]);
}

/** Ends a run that is under way. */
export async function endRun(manager: EntityManager, id: string, state: Exclude<RunState, 'running'>, message?: string): Promise<void> {
  await manager.query(
    `UPDATE sync_run SET state = $2, message = $3, ended_at = now() WHERE run_id = $1 AND state = 'running'`, [id, state, message ?? null]);
}

/** The one that is under way, kept from ending otherwise until the transaction ends. */
export async function findOpenRun(manager: EntityManager, syncId: string): Promise<SyncRun | undefined> {
  const rows = await manager.query<unknown[]>(`SELECT * FROM sync_run WHERE sync_id = $1 AND state = 'running' FOR UPDATE`, [syncId]);
  return (await runsOf(manager, rows))[0];
}

/** Of all the tenant's syncs, newest first. */
export async function listTenantRuns(
  manager: EntityManager, { kind, state, before, limit }: { readonly kind?: RunKind | undefined; readonly state?: RunState | undefined; readonly before?: string | undefined; readonly limit: number },
): Promise<SyncRun[]> {
  return runsOf(manager, await manager.query<unknown[]>(
    `SELECT * FROM sync_run
     WHERE tenant_id = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR state = $3) AND ($4::uuid IS NULL OR run_id < $4)
     ORDER BY run_id DESC LIMIT $5`, [tenantContext.require().tenantId, kind ?? null, state ?? null, before ?? null, limit]));
}

async function runsOf(manager: EntityManager, rows: readonly unknown[]): Promise<SyncRun[]> {
  const runs = z.array(rowSchema).parse(rows);
  const scans = z.array(scanRowSchema).parse(await manager.query(
    // A record remembers the last reading that came past it, so that earlier ones cannot be counted any more.
    `SELECT sync_scan.*,
            CASE state WHEN 'compared' THEN told ELSE (SELECT count(*) FROM record_link WHERE record_link.scan_id = sync_scan.scan_id) END AS compared,
            (SELECT count(*) FROM sync_drift WHERE sync_drift.scan_id = sync_scan.scan_id) AS differences
     FROM sync_scan WHERE run_id = ANY($1) ORDER BY connection_id`, [runs.map((run) => run.run_id)]));
  return runs.map(({ run_id: id, sync_id: syncId, kind, state, message, started_at: startedAt, ended_at: endedAt }) => ({
    id, syncId, kind, state, startedAt,
    ...(message !== null && { message }),
    ...(endedAt !== null && { endedAt }),
    scans: scans.filter(({ run_id: runId }) => runId === id).map(({ scan_id: scanId, connection_id: connectionId, told, missing, ...scan }) => ({
      scanId, connectionId, state: scan.state, compared: scan.compared, differences: scan.differences,
      ...(told !== null && { told }), ...(missing !== null && { missing }),
    })),
  }));
}
