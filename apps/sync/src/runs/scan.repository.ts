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

/** How a complete reading found a record other than it was known. */
export interface DriftedRecord {
  readonly scanId: string;
  readonly goldenId: string;
  readonly externalId: string;
  readonly drift: readonly Drift[];
}

/** Keeps how records differed from what was known of them. */
export async function noteDrift(manager: EntityManager, records: readonly DriftedRecord[]): Promise<void> {
  const rows = records.flatMap(({ scanId, goldenId, externalId, drift }) =>
    drift.map((each) => ({ scan_id: scanId, golden_id: goldenId, external_id: externalId, ...each })));
  if (rows.length === 0) return;
  await manager.query(
    `INSERT INTO sync_drift (tenant_id, scan_id, golden_id, external_id, field, expected, found)
     SELECT $1, drift.* FROM jsonb_to_recordset($2) AS drift (scan_id uuid, golden_id uuid, external_id text, field text, expected jsonb, found jsonb)`,
    [tenantContext.require().tenantId, JSON.stringify(rows)]);
}
