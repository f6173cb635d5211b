import type { FieldValue } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { ScannedAt } from '../records/synced-record.repository.ts';

/** A field in which an account differed from what was known of it. */
export interface Drift {
  readonly field: string;
  readonly expected: FieldValue;
  readonly found: FieldValue;
}

/** Notes that a complete reading came past records that are not written otherwise. */
export async function noteScanned(manager: EntityManager, goldenIds: readonly string[], { connectionId, scanId }: ScannedAt): Promise<void> {
  await manager.query(
    'UPDATE record_link SET scan_id = $4 WHERE tenant_id = $1 AND golden_id = ANY($2) AND connection_id = $3',
    [tenantContext.require().tenantId, goldenIds, connectionId, scanId]);
}

/** Keeps how a record differed from what was known of it. */
export async function noteDrift(
  manager: EntityManager, scanId: string, { goldenId, externalId }: { readonly goldenId: string; readonly externalId: string }, drift: readonly Drift[],
): Promise<void> {
  if (drift.length === 0) return;
  await manager.query(
    `INSERT INTO sync_drift (tenant_id, scan_id, golden_id, external_id, field, expected, found)
     SELECT $1, $2, $3, $4, * FROM unnest($5::text[], $6::jsonb[], $7::jsonb[])`,
    [
      tenantContext.require().tenantId, scanId, goldenId, externalId, drift.map(({ field }) => field),
      drift.map(({ expected }) => JSON.stringify(expected)), drift.map(({ found }) => JSON.stringify(found)),
    ]);
}
