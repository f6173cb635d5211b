import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

const daysSchema = z.array(z.object({ days: z.int() }));

/** How long a tenant's entries are kept unless it says otherwise. */
const usualRetentionDays = 400;
export const retentionSchema = z.strictObject({ days: z.int().min(30).max(3_650) });

/** @returns days, in the caller's tenant transaction. */
export async function readRetention(manager: EntityManager): Promise<number> {
  return daysSchema.parse(await manager.query('SELECT days FROM audit_retention'))[0]?.days ?? usualRetentionDays;
}

export async function keepRetention(manager: EntityManager, tenantId: string, days: number): Promise<void> {
  await manager.query('INSERT INTO audit_retention (tenant_id, days) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET days = excluded.days', [tenantId, days]);
}

/** Forgets every tenant's entries that are older than it keeps them; the chain then begins behind the last of them, whose hash stays. */
export async function forgetOldEntries(database: TenantDatabase): Promise<void> {
  const tenants = await database.systemTransaction((manager) => manager.query<Array<{ tenant_id: string }>>('SELECT tenant_id FROM audit_head'));
  for (const { tenant_id: tenantId } of tenants) {
    await database.transaction(tenantId, async (manager) => {
      await manager.query('SELECT forget_audit($1, $2)', [tenantId, await readRetention(manager)]);
    });
  }
}
