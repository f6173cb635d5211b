import { writeGathered } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { findTenantTables } from './tenant-tables.ts';

/**
 * What stays of a tenant: that events were heard and are under way, what was done by whom, which PostgreSQL itself keeps from being
 * deleted, and that the tenant is no more.
 */
export const keptAfterErasure: ReadonlySet<string> = new Set([
  'inbox', 'outbox', 'connection_audit', 'operation_audit', 'audit_entry', 'audit_head', 'audit_forgotten', 'audit_retention', 'tenant_standing', 'tenant', 'flag_change',
]);

const referencedSchema = z.object({ code: z.literal('23503') });

/**
 * Deletes all that the schemas hold of the transaction's tenant, what the transaction itself has gathered of it so far among it. Rows that others refer to go after those.
 * @throws Error where rows refer to each other in a circle.
 */
export async function eraseTenant(manager: EntityManager, tenantId: string, schemas: readonly string[]): Promise<void> {
  await writeGathered(manager);
  let left = (await findTenantTables(manager, schemas)).filter(({ table }) => !keptAfterErasure.has(table)).map(({ name }) => name);
  while (left.length > 0) {
    const referenced: string[] = [];
    for (const name of left) if (!await tryToEmpty(manager, name, tenantId)) referenced.push(name);
    if (referenced.length === left.length) throw new Error(`The tables ${left.join(', ')} refer to each other, so that a tenant's rows cannot be deleted.`);
    left = referenced;
  }
}

/** @returns false where rows of a table that is not empty yet refer to these. */
async function tryToEmpty(manager: EntityManager, name: string, tenantId: string): Promise<boolean> {
  await manager.query('SAVEPOINT before_table');
  try {
    await manager.query(`DELETE FROM ${name} WHERE tenant_id = $1`, [tenantId]);
    await manager.query('RELEASE SAVEPOINT before_table');
    return true;
  } catch (thrown) {
    if (!z.object({ driverError: referencedSchema }).safeParse(thrown).success) throw thrown;
    await manager.query('ROLLBACK TO SAVEPOINT before_table');
    return false;
  }
}
