import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/** What is worked out one by one. */
export type Subject = 'deals' | 'identities';

/** Notes, while results are being worked out by some rules, what a change brought up to date there: it was perhaps read before and must not be put back. */
export async function noteFollowed(
  manager: EntityManager, { rulesVersion, dataVersion }: { readonly rulesVersion: number; readonly dataVersion: number }, ids: Readonly<Record<Subject, readonly string[]>>,
): Promise<void> {
  await manager.query(
    'INSERT INTO followed_change (tenant_id, rules_version, data_version, deals, identities) VALUES ($1, $2, $3, $4, $5)',
    [tenantContext.require().tenantId, rulesVersion, dataVersion, ids.deals, ids.identities]);
}

/** Those of the ids that changes have brought up to date since a version of the data. */
export async function followedSince(
  manager: EntityManager, { rulesVersion, dataVersion }: { readonly rulesVersion: number; readonly dataVersion: number }, { subject, ids }: { readonly subject: Subject; readonly ids: readonly string[] },
): Promise<Set<string>> {
  const rows = await manager.query<Array<{ id: string }>>(
    `SELECT DISTINCT id FROM followed_change, unnest(${subject}) AS id
     WHERE tenant_id = $1 AND rules_version = $2 AND data_version > $3 AND id BETWEEN $4 AND $5`,
    [tenantContext.require().tenantId, rulesVersion, dataVersion, ids.at(0), ids.at(-1)]);
  return new Set(rows.map(({ id }) => id));
}

/** Once results are worked out, or given up. */
export async function forgetFollowed(manager: EntityManager, rulesVersion: number): Promise<void> {
  await manager.query('DELETE FROM followed_change WHERE tenant_id = $1 AND rules_version = $2', [tenantContext.require().tenantId, rulesVersion]);
}
