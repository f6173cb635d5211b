import { storedTimeSchema, timestampSchema } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** Counted no further than one beyond: how many more there are does not change what is to be done. */
const countedRows = 100_000;

const countSchema = z.object({
  origin: z.enum(['event', 'task', 'webhook']),
  state: z.enum(['dead', 'parked']),
  kind: z.string(),
  reason: z.string(),
  count: z.int(),
  oldestAt: timestampSchema,
});
const countOfTenantSchema = countSchema.extend({ tenantId: z.uuid().nullable().describe('Null where nobody knows whose it is, such as bytes that are no event.') });
const rowSchema = countOfTenantSchema.extend({ oldestAt: storedTimeSchema });
/** Of all tenants so many sorts are told, those with the oldest first. */
const mostSorts = 200;

/** How many there are of each sort, and since when. */
export const deadLetterCountsSchema = z.object({
  groups: z.array(countSchema).readonly(),
  isComplete: z.boolean().describe('False where there are more than were counted: 100,000 of messages and as many tasks.'),
});
export type DeadLetterCounts = z.infer<typeof deadLetterCountsSchema>;

/** The same of all tenants, tenant by tenant. */
export const deadLetterCountsOfAllSchema = z.object({
  groups: z.array(countOfTenantSchema).readonly(),
  isComplete: z.boolean().describe('False where there are more than were counted: 100,000 of messages and as many tasks; or more sorts than 200.'),
});
export type DeadLetterCountsOfAll = z.infer<typeof deadLetterCountsOfAllSchema>;

/** What cannot be worked off, by what it is and why: of one tenant, in its transaction. */
export async function countDeadLetters(manager: EntityManager, tenantId: string): Promise<DeadLetterCounts> {
  const { groups, isComplete } = await countBySort(manager, tenantId);
  return { groups: groups.map(({ tenantId: _, ...group }) => group), isComplete };
}

/** The same of all tenants, in a transaction of the system's. */
export async function countDeadLettersOfAll(manager: EntityManager): Promise<DeadLetterCountsOfAll> {
  const { groups, isComplete } = await countBySort(manager);
  return { groups: groups.slice(0, mostSorts), isComplete: isComplete && groups.length <= mostSorts };
}

async function countBySort(manager: EntityManager, tenantId?: string): Promise<DeadLetterCountsOfAll> {
  const rows = await manager.query<unknown[]>(
    `SELECT tenant_id AS "tenantId", origin, 'dead' AS state, kind, reason, count(*)::int AS count, min(created_at) AS "oldestAt"
     FROM (SELECT tenant_id, origin, kind, reason, created_at FROM dead_letter WHERE ($1::uuid IS NULL OR tenant_id = $1) ORDER BY created_at LIMIT $2) AS letter GROUP BY 1, 2, 4, 5
     UNION ALL
     SELECT tenant_id, 'task', state, kind, coalesce(last_error_kind, 'unexpected'), count(*)::int, min(created_at)
     FROM (SELECT tenant_id, state, kind, last_error_kind, created_at FROM task WHERE ($1::uuid IS NULL OR tenant_id = $1) AND state IN ('dead', 'parked') ORDER BY created_at LIMIT $2) AS task
     GROUP BY 1, 3, 4, 5
     ORDER BY "oldestAt"`,
    [tenantId ?? null, countedRows + 1],
  );
  const groups = z.array(rowSchema).parse(rows);
  const counted = (isTask: boolean): number => groups.filter(({ origin }) => (origin === 'task') === isTask).reduce((sum, { count }) => sum + count, 0);
  return { groups, isComplete: counted(true) <= countedRows && counted(false) <= countedRows };
}
