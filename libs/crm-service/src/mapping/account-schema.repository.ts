import { objectDescriptionSchema, crmObjectSchema, type ObjectDescription } from '@crossdock/contracts';
import { mappingProblemSchema, type MappingProblem } from '@crossdock/field-mapping';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { MappedObject } from './mapped-object.ts';

const rowSchema = z.object({
  /** What the account looked like when the mapping was saved, or first came to hold. */
  description: objectDescriptionSchema,
  fetchedAt: z.date(),
  /** What has changed since, as far as it hits the mapping. */
  drift: z.array(mappingProblemSchema),
  checkedAt: z.date(),
});
export type AccountSchema = z.infer<typeof rowSchema>;

const columns = 'description, fetched_at AS "fetchedAt", drift, checked_at AS "checkedAt"';

/** In the caller's tenant transaction, as all of these. */
export async function findSchema(manager: EntityManager, { connectionId, object }: Pick<MappedObject, 'connectionId' | 'object'>): Promise<AccountSchema | undefined> {
  const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM account_schema WHERE connection_id = $1 AND object = $2`, [connectionId, object]);
  return row === undefined ? undefined : rowSchema.parse(row);
}

/** The tenant's objects whose schema is known. */
export async function listSchemas(manager: EntityManager): Promise<Array<Pick<MappedObject, 'connectionId' | 'object'>>> {
  const rows: unknown = await manager.query('SELECT connection_id AS "connectionId", object FROM account_schema ORDER BY connection_id, object');
  return z.array(z.object({ connectionId: z.uuid(), object: crmObjectSchema })).parse(rows);
}

/** Changes of one object's mapping are made one after the other, until the transaction ends, also where nothing is known of it yet. */
export async function lockSchema(manager: EntityManager, { connectionId, object }: Pick<MappedObject, 'connectionId' | 'object'>): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`account-schema/${connectionId}/${object}`]);
}

/** What the account looks like is from now on what changes are counted from. */
export async function keepSchema(manager: EntityManager, { tenantId, connectionId, object }: MappedObject, description: ObjectDescription): Promise<void> {
  await manager.query(
    `INSERT INTO account_schema (tenant_id, connection_id, object, description, fetched_at, checked_at) VALUES ($1, $2, $3, $4, now(), now())
     ON CONFLICT (tenant_id, connection_id, object)
     DO UPDATE SET description = excluded.description, fetched_at = now(), drift = '[]', checked_at = now()`,
    [tenantId, connectionId, object, JSON.stringify(description)]);
}

/** The same where nothing is known of it yet. */
export async function keepFirstSchema(manager: EntityManager, { tenantId, connectionId, object }: MappedObject, description: ObjectDescription): Promise<void> {
  await manager.query(
    `INSERT INTO account_schema (tenant_id, connection_id, object, description, fetched_at, checked_at) VALUES ($1, $2, $3, $4, now(), now())
     ON CONFLICT DO NOTHING`, [tenantId, connectionId, object, JSON.stringify(description)]);
}

/** Keeps what has drifted. @returns false where the mapping was saved meanwhile, so that it is no news. */
export async function keepDrift(
  manager: EntityManager, { connectionId, object }: Pick<MappedObject, 'connectionId' | 'object'>, { fetchedAt }: Pick<AccountSchema, 'fetchedAt'>, drift: readonly MappingProblem[],
): Promise<boolean> {
  // The driver reads times to the millisecond.
  const [, kept] = await manager.query<[unknown[], number]>(
    `UPDATE account_schema SET drift = $4, checked_at = now()
     WHERE connection_id = $1 AND object = $2 AND date_trunc('milliseconds', fetched_at) = $3`,
    [connectionId, object, fetchedAt, JSON.stringify(drift)]);
  return kept > 0;
}
