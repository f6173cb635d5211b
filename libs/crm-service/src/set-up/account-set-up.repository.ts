import { capabilityReportSchema, timestampSchema } from '@crossdock/contracts';
import type { ChangeSubscription } from '@crossdock/crm-connector';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

const subscriptionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('account'), endsAt: timestampSchema.exactOptional() }),
  z.object({ kind: z.literal('app') }),
  z.object({ kind: z.literal('stream') }),
  z.object({ kind: z.literal('none'), reason: z.string() }),
]) satisfies z.ZodType<ChangeSubscription>;

const rowSchema = z.object({
  connectionId: z.uuid(),
  /** The job that prepared it last, or does so now. */
  jobId: z.uuid(),
  capabilities: capabilityReportSchema.nullable(),
  probedAt: z.date().nullable(),
  /** What a person has to make in the account, as a sentence; null where nothing is missing. */
  missing: z.string().nullable(),
  subscription: subscriptionSchema.nullable(),
});
/** How far an account is prepared, and what it allows; null is what is not known yet. */
export type AccountSetUp = z.infer<typeof rowSchema>;

/** What the account allows stands on its connection, where everybody sees it. */
const selected = `SELECT connection_id AS "connectionId", job_id AS "jobId", capabilities, capabilities_at AS "probedAt", missing, subscription
  FROM account_set_up JOIN connections.connection ON connection.id = account_set_up.connection_id`;

/** In the caller's tenant transaction, as all of these. */
export async function findSetUp(manager: EntityManager, connectionId: string): Promise<AccountSetUp | undefined> {
  const [row] = await manager.query<unknown[]>(`${selected} WHERE connection_id = $1`, [connectionId]);
  return row === undefined ? undefined : rowSchema.parse(row);
}

/** All of the tenant's. */
export async function listSetUps(manager: EntityManager): Promise<AccountSetUp[]> {
  return z.array(rowSchema).parse(await manager.query(`${selected} ORDER BY connection_id`));
}

export async function keepJob(manager: EntityManager, tenantId: string, connectionId: string, jobId: string): Promise<void> {
  await manager.query(
    `INSERT INTO account_set_up (tenant_id, connection_id, job_id) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id, connection_id) DO UPDATE SET job_id = excluded.job_id`, [tenantId, connectionId, jobId]);
}

export async function keepMissing(manager: EntityManager, connectionId: string, missing: string | null): Promise<void> {
  await manager.query('UPDATE account_set_up SET missing = $2 WHERE connection_id = $1', [connectionId, missing]);
}

export async function keepSubscription(manager: EntityManager, connectionId: string, subscription: ChangeSubscription): Promise<void> {
  await manager.query('UPDATE account_set_up SET subscription = $2 WHERE connection_id = $1', [connectionId, JSON.stringify(subscription)]);
}
