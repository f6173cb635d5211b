import { storedTimeSchema, timestampSchema } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** Counted no further: how many more there are does not change what is to be done. */
const countedRows = 100_000;

const countSchema = z.object({
  origin: z.enum(['event', 'task', 'webhook']),
  state: z.enum(['dead', 'parked']),
  kind: z.string(),
  reason: z.string(),
  count: z.int(),
  oldestAt: timestampSchema,
});
const rowSchema = countSchema.extend({ oldestAt: storedTimeSchema });

/** How many there are of each sort, and since when. */
export const deadLetterCountsSchema = z.object({
  groups: z.array(countSchema).readonly(),
  isComplete: z.boolean().describe('False where there are more than were counted: 100,000 of messages and as many tasks.'),
});
export type DeadLetterCounts = z.infer<typeof deadLetterCountsSchema>;

/** What cannot be worked off, by what it is and why: of one tenant, in its transaction. */
export async function countDeadLetters(manager: EntityManager, tenantId: string): Promise<DeadLetterCounts> {
  const rows = await manager.query<unknown[]>(
    `SELECT origin, 'dead' AS state, kind, reason, count(*)::int AS count, min(created_at) AS "oldestAt"
     FROM (SELECT origin, kind, reason, created_at FROM dead_letter WHERE tenant_id = $1 ORDER BY created_at LIMIT $2) AS letter GROUP BY 1, 3, 4
     UNION ALL
     SELECT 'task', state, kind, coalesce(last_error_kind, 'unexpected'), count(*)::int, min(created_at)
     FROM (SELECT state, kind, last_error_kind, created_at FROM task WHERE tenant_id = $1 AND state IN ('dead', 'parked') ORDER BY created_at LIMIT $2) AS task GROUP BY 2, 3, 4
     ORDER BY "oldestAt"`,
    [tenantId, countedRows],
  );
  const groups = z.array(rowSchema).parse(rows);
  const counted = (isTask: boolean): number => groups.filter(({ origin }) => (origin === 'task') === isTask).reduce((sum, { count }) => sum + count, 0);
  return { groups, isComplete: counted(true) < countedRows && counted(false) < countedRows };
}
