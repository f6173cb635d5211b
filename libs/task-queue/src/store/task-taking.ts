import type { EntityManager } from 'typeorm';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { TaskRow } from './task-row.ts';
import { leaseSeconds } from './task-store.ts';
import type { TaskKind } from '../task-kind.ts';

/** Takers take turns, so that two of them never judge the same record free at the same moment. */
const takeLock = 7_262_002;
/**
 * A crash of the database may forget what was just taken: it is ready again then, and the lease of its taker is gone.
 * The table is empty at one moment and long at the next, and only one plan is right for both: the heads of lines are read by index, in its order. With all
 * other ways refused it is planned once a connection; each time, that took longer than the look.
 */
const settings = `SELECT set_config('synchronous_commit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true),
  ${['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin'].map((way) => `set_config('enable_${way}', 'off', true)`).join(', ')},
  pg_advisory_xact_lock(${takeLock}, hashtext(current_schema()))`;
export const lowestTenant = '00000000-0000-0000-0000-000000000000';

/** Bounds of one round's reading, whatever waits: tenants, ready tasks looked at for each, tasks in all. */
const mostTenants = 512;
const nearestTasks = 1_000;
const mostTasks = 4_000;

export interface Request {
  readonly kinds: readonly TaskKind[];
  /** How many batches are wanted at most. */
  readonly batches: number;
  /** Tenants after this one come first. */
  readonly afterTenant: string;
  /** Tenants whose share of this worker is in use. */
  readonly restingTenants: readonly string[];
  /** Keys (`batchKeyOf`) of which only full batches are wanted at present. */
  readonly gathering: ReadonlySet<string>;
}

export interface Candidate {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: string;
  readonly groupKey: string;
}

export interface Taken {
  readonly batches: ReadonlyArray<readonly TaskRow[]>;
  /** Where the next round begins. */
  readonly lastTenant: string;
  /** Whether more may be there to take: this round ended at one of its bounds. */
  readonly hasMore: boolean;
}

/**
 * Takes batches for the next tenants in turn that have ready work, beginning after `afterTenant`, so that a tenant with
 * many tasks waits its turn like one with few. Where fewer tenants wait than there is room for, each gets several.
 */
export async function takeBatches(database: Pick<TenantDatabase, 'systemTransaction'>, holder: string, request: Request): Promise<Taken> {
  if (request.kinds.length === 0) return { batches: [], lastTenant: request.afterTenant, hasMore: false };
  return database.systemTransaction(async (manager) => {
    const { candidates, lastTenant, isBounded } = await findCandidates(manager, request);
    const chosen = chooseBatches(candidates, request);
    const hasMore = isBounded || chosen.length === request.batches;
    if (chosen.length === 0) return { batches: [], lastTenant, hasMore };
    const rows = new Map((await lease(manager, holder, chosen.flat())).map((row) => [row.id, row]));
    const batches = chosen.map((ids) => ids.flatMap((id) => rows.get(id) ?? [])).filter((batch) => batch.length > 0);
    return { batches, lastTenant, hasMore };
  }, settings);
}

/** What may run as one batch. */
export function batchKeyOf({ tenantId, kind, groupKey }: Omit<Candidate, 'id'>): string {
  return JSON.stringify([tenantId, kind, groupKey]);
}

/** Puts candidates into batches: one batch for each tenant in turn, its oldest work first, then a second for each, and so on. */
export function chooseBatches(candidates: readonly Candidate[], { kinds, batches, gathering }: Pick<Request, 'kinds' | 'batches' | 'gathering'>): string[][] {
  const sizes = new Map(kinds.map(({ kind, batchSize }) => [kind, batchSize]));
  const byTenant = new Map<string, string[][]>();
  const filling = new Map<string, { readonly ids: string[]; readonly size: number }>();
  for (const candidate of candidates) {
    const { id, tenantId, kind } = candidate;
    const key = batchKeyOf(candidate);
    const present = filling.get(key);
    if (present && present.ids.length < present.size) {
      present.ids.push(id);
      continue;
    }
    const batch = [id];
    filling.set(key, { ids: batch, size: sizes.get(kind) ?? 1 });
    const tenantBatches = byTenant.get(tenantId);
    if (tenantBatches) tenantBatches.push(batch);
    else byTenant.set(tenantId, [batch]);
  }
  const tooFew = new Set([...filling].flatMap(([key, last]) => (gathering.has(key) && last.ids.length < last.size ? [last.ids] : [])));
  const ofTenants = [...byTenant.values()].map((own) => own.filter((batch) => !tooFew.has(batch)));
  const most = Math.max(0, ...ofTenants.map((own) => own.length));
  const inTurn = Array.from({ length: most }, (_, turn) => ofTenants.flatMap((own) => (own[turn] ? [own[turn]] : [])));
  return inTurn.flat().slice(0, batches);
}

/**
 * A task may run when nothing older of its record is still to be done: that keeps a record's work in order. Written so that
 * each test is one look into an index: as an anti-join, the planner reads all running tasks, dead versions included; as a
 * test for NULL, it expects next to no row to pass and reads and sorts the whole line.
 */
const isFirstOfItsRecord = `NOT coalesce((
    SELECT true FROM task AS older
    WHERE older.tenant_id = near.tenant_id AND older.record_key = near.record_key AND older.state <> 'dead' AND older.id < near.id LIMIT 1), false)
  AND NOT coalesce((
    SELECT true FROM task AS running
    WHERE running.tenant_id = near.tenant_id AND running.record_key = near.record_key AND running.state = 'running' LIMIT 1), false)`;

/** Whether a tenant's work rests, because it was suspended or deleted. One look into an index, as above. */
const rests = `coalesce((SELECT state <> 'active' FROM tenant_standing AS standing WHERE standing.tenant_id = served.tenant_id), false)`;

function nextTenant(after: string): string {
  return `SELECT task.tenant_id FROM task WHERE task.state = 'ready' AND task.tenant_id > ${after} ORDER BY task.tenant_id LIMIT 1`;
}

/** Walks from tenant to tenant by the index, once round at most, and reads the head of each one's line. */
async function findCandidates(
  manager: EntityManager, { kinds, batches, afterTenant, restingTenants }: Request,
): Promise<{ candidates: Candidate[]; lastTenant: string; isBounded: boolean }> {
  const largestBatch = Math.max(...kinds.map(({ batchSize }) => batchSize));
  const tenants = Math.max(1, Math.min(batches, mostTenants, Math.floor(mostTasks / largestBatch)));
  const rows = await manager.query<Array<Candidate | { readonly tenantId: string; readonly id: null }>>(
    `WITH RECURSIVE onward(tenant_id, turn) AS (
       SELECT (${nextTenant('$1::uuid')}), 1
       UNION ALL
       SELECT (${nextTenant('onward.tenant_id')}), turn + 1 FROM onward WHERE tenant_id IS NOT NULL AND turn < $2
     ), again(tenant_id, turn) AS (
       SELECT CASE WHEN (SELECT count(tenant_id) FROM onward) < $2 THEN (${nextTenant(`'${lowestTenant}'`)}) END, $2 + 1
       UNION ALL
       SELECT (${nextTenant('again.tenant_id')}), turn + 1 FROM again WHERE tenant_id <= $1::uuid AND turn < $2 * 2
     ), served AS (
       SELECT tenant_id, turn FROM (
         SELECT * FROM onward UNION ALL SELECT * FROM again WHERE tenant_id <= $1::uuid
       ) AS round WHERE tenant_id IS NOT NULL ORDER BY turn LIMIT $2
     )
     SELECT served.tenant_id AS "tenantId", first.id, first.kind, first.group_key AS "groupKey"
     FROM served LEFT JOIN LATERAL (
       SELECT near.id, near.kind, near.group_key FROM (
         SELECT * FROM task WHERE state = 'ready' AND tenant_id = served.tenant_id AND served.tenant_id <> ALL($6::uuid[]) AND NOT ${rests}
         ORDER BY id LIMIT ${nearestTasks}) AS near
       WHERE near.kind = ANY($3) AND ${isFirstOfItsRecord}
       ORDER BY near.id
       LIMIT greatest(1, least($5::int, $4::int / (SELECT count(*) FROM served)::int)) * $7::int
     ) AS first ON true
     ORDER BY served.turn, first.id`,
    [afterTenant, tenants, kinds.map(({ kind }) => kind), batches, Math.floor(mostTasks / largestBatch), restingTenants, largestBatch],
  );
  const ofTenants = [...Map.groupBy(rows, ({ tenantId }) => tenantId).values()];
  const mostOfOne = Math.max(1, Math.min(Math.floor(mostTasks / largestBatch), Math.floor(batches / ofTenants.length))) * largestBatch;
  return {
    candidates: rows.filter((row) => row.id !== null),
    lastTenant: rows.at(-1)?.tenantId ?? afterTenant,
    isBounded: ofTenants.length >= tenants || ofTenants.some(({ length }) => length >= mostOfOne),
  };
}

async function lease(manager: EntityManager, holder: string, ids: readonly string[]): Promise<TaskRow[]> {
  const [rows] = await manager.query<[TaskRow[], number]>(
    `UPDATE task SET state = 'running', resumed_meanwhile = false, attempt = attempt + 1, lease_holder = $2, lease_until = now() + make_interval(secs => ${leaseSeconds})
     WHERE id = ANY($1) AND state = 'ready'
     RETURNING id, tenant_id, kind, record_key, group_key, coalesces, payload, attempt, correlation_id, causation_id, traceparent`,
    [ids, holder],
  );
  return rows;
}
