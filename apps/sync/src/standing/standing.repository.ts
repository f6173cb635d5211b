import { crmObjectSchema } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { runKindSchema } from '../runs/run.repository.ts';

/** Counts anew what waits in each of the tenant's syncs, in the caller's tenant transaction. */
export async function countStandings(manager: EntityManager): Promise<void> {
  await manager.query(
    `WITH waiting AS (
       SELECT sync_id, count(*) FILTER (WHERE held <> '{}')::int AS conflicts, count(*) FILTER (WHERE refusal IS NOT NULL)::int AS refused
       FROM record_link JOIN golden_record USING (tenant_id, golden_id)
       WHERE record_link.tenant_id = $1 AND (refusal IS NOT NULL OR held <> '{}') GROUP BY sync_id
     ), compared AS (
       SELECT DISTINCT ON (sync_id) sync_id, run_id FROM sync_run
       WHERE tenant_id = $1 AND kind = 'reconciliation' AND state = 'succeeded' ORDER BY sync_id, run_id DESC
     ), drifted AS (
       SELECT compared.sync_id, count(DISTINCT golden_id)::int AS records
       FROM compared JOIN sync_scan USING (run_id) JOIN sync_drift USING (scan_id) GROUP BY compared.sync_id
     )
     INSERT INTO sync_standing (sync_id, tenant_id, object, conflicts, refused, drifted, run_kind, run_since)
     SELECT sync.sync_id, $1, sync.object, coalesce(conflicts, 0), coalesce(refused, 0), coalesce(records, 0), run.kind, run.started_at
     FROM sync LEFT JOIN waiting USING (sync_id) LEFT JOIN drifted USING (sync_id)
       LEFT JOIN sync_run AS run ON run.sync_id = sync.sync_id AND run.state = 'running'
     WHERE sync.tenant_id = $1
     ON CONFLICT (sync_id) DO UPDATE SET conflicts = excluded.conflicts, refused = excluded.refused, drifted = excluded.drifted,
       run_kind = excluded.run_kind, run_since = excluded.run_since`, [tenantContext.require().tenantId]);
}

const rowSchema = z.object({
  object: crmObjectSchema, conflicts: z.coerce.number(), refused: z.coerce.number(), drifted: z.coerce.number(),
});
const runRowSchema = z.object({ kind: runKindSchema, ageSeconds: z.coerce.number() });

/** Over all tenants, in a system transaction: what waits by kind of record, and the oldest run of each kind. */
export async function sumStandings(manager: EntityManager): Promise<{ waiting: Array<z.infer<typeof rowSchema>>; runs: Array<z.infer<typeof runRowSchema>> }> {
  return {
    waiting: z.array(rowSchema).parse(await manager.query(
      'SELECT object, sum(conflicts) AS conflicts, sum(refused) AS refused, sum(drifted) AS drifted FROM sync_standing GROUP BY object')),
    runs: z.array(runRowSchema).parse(await manager.query(
      `SELECT run_kind AS kind, greatest(0, extract(epoch FROM now() - min(run_since))) AS "ageSeconds" FROM sync_standing WHERE run_kind IS NOT NULL GROUP BY run_kind`)),
  };
}
