import type { CrmObject } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/** What was said of a record before it was gone has arrived by then, or lies in the dead letters. */
const kept = `interval '7 days'`;

/** Remembers that a record is gone that nothing was known of: what was said of it earlier may arrive later. */
export async function rememberGone(
  manager: EntityManager,
  { connectionId, object, externalId, noticedAt }: { readonly connectionId: string; readonly object: CrmObject; readonly externalId: string; readonly noticedAt: string },
): Promise<void> {
  const { tenantId } = tenantContext.require();
  await manager.query(
    `INSERT INTO gone_record (tenant_id, connection_id, object, external_id, noticed_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, connection_id, object, external_id) DO UPDATE SET noticed_at = greatest(gone_record.noticed_at, excluded.noticed_at)`,
    [tenantId, connectionId, object, externalId, noticedAt]);
  await manager.query(`DELETE FROM gone_record WHERE tenant_id = $1 AND connection_id = $2 AND noticed_at < now() - ${kept}`, [tenantId, connectionId]);
}

/** Whether a record is known to be gone. @param since where given: that was noticed then or later */
export async function isKnownGone(
  manager: EntityManager, { connectionId, object, externalId }: { readonly connectionId: string; readonly object: CrmObject; readonly externalId: string }, since?: string,
): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM gone_record WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND external_id = $4 AND ($5::timestamptz IS NULL OR noticed_at >= $5)`,
    [tenantContext.require().tenantId, connectionId, object, externalId, since ?? null]);
  return rows.length > 0;
}

/** Which of these records are known to be gone, by their ids. */
export async function findGoneAmong(manager: EntityManager, connectionId: string, object: CrmObject, externalIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await manager.query<Array<{ external_id: string }>>(
    'SELECT external_id FROM gone_record WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND external_id = ANY($4)',
    [tenantContext.require().tenantId, connectionId, object, externalIds]);
  return new Set(rows.map(({ external_id: id }) => id));
}
