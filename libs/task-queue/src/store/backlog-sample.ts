import type { EntityManager } from 'typeorm';

/** How much of one kind is in one state, and since when. */
export interface Backlog {
  readonly kind: string;
  readonly state: string;
  readonly tasks: number;
  readonly oldestAgeSeconds: number;
}

/** Up to so many tasks of a state are counted; of more, the shares of kinds are those of the tasks that were looked at. */
const counted = 10_000;
/** Pages of the table that an estimate reads. */
const sampledPages = 500;

/** Each state's tasks in an order that an index gives. */
const orders = {
  ready: 'tenant_id, id',
  running: 'tenant_id, record_key',
  waiting: 'not_before',
  parked: 'tenant_id, group_key',
  dead: 'id',
} as const;

/**
 * Counts what waits at a cost that does not grow with it: exactly up to 10,000 tasks of a state, beyond that by a sample of
 * the table's pages, the age of the oldest included.
 */
export async function sampleBacklog(manager: EntityManager): Promise<Backlog[]> {
  // Where a state holds most of the table, the planner would rather read and sort it all.
  await manager.query(`SELECT set_config(setting, 'off', true) FROM unnest(ARRAY['enable_seqscan', 'enable_bitmapscan', 'enable_sort']) AS setting`);
  const rows = await manager.query<Array<Backlog & { isCut: boolean }>>(
    `WITH near AS (${Object.entries(orders).map(([state, order]) => nearest(state, order)).join(' UNION ALL ')}),
     cut AS (SELECT state, count(*) = ${counted} AS is_cut, count(*)::float8 AS looked_at FROM near GROUP BY state)
     SELECT kind, near.state, count(*)::float8 AS tasks, extract(epoch FROM now() - min(created_at))::float8 AS "oldestAgeSeconds",
            cut.is_cut AS "isCut"
     FROM near JOIN cut USING (state) GROUP BY kind, near.state, cut.is_cut`);
  return rows.some(({ isCut }) => isCut) ? estimate(manager, rows) : rows;
}

function nearest(state: string, order: string): string {
  return `(SELECT kind, state, created_at FROM task WHERE state = '${state}' ORDER BY ${order} LIMIT ${counted})`;
}

async function estimate(manager: EntityManager, rows: ReadonlyArray<Backlog & { isCut: boolean }>): Promise<Backlog[]> {
  const sampled = await manager.query<Backlog[]>(
    `WITH share AS (SELECT least(100, 100.0 * ${sampledPages} / greatest(1, pg_relation_size('task') / 8192))::float8 AS percent)
     SELECT kind, state, count(*) * 100 / (SELECT percent FROM share) AS tasks, extract(epoch FROM now() - min(created_at))::float8 AS "oldestAgeSeconds"
     FROM task TABLESAMPLE SYSTEM ((SELECT percent FROM share)) GROUP BY kind, state`);
  const keyOf = ({ kind, state }: Backlog): string => JSON.stringify([kind, state]);
  const estimates = new Map(sampled.map((row) => [keyOf(row), row]));
  const cutStates = new Set(rows.filter(({ isCut }) => isCut).map(({ state }) => state));
  const known = rows.map((row) => {
    const found = estimates.get(keyOf(row));
    estimates.delete(keyOf(row));
    if (!row.isCut || !found) return row;
    return { ...row, tasks: Math.max(row.tasks, Math.round(found.tasks)), oldestAgeSeconds: Math.max(row.oldestAgeSeconds, found.oldestAgeSeconds) };
  });
  return [...known, ...[...estimates.values()].filter(({ state }) => cutStates.has(state))];
}
