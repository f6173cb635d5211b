import { postalAddressSchema } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** Shipments that one manifest closes out at most. */
export const mostInManifest = 500;
/** Labels that were bought longer ago and not handed over go into no manifest by themselves. */
const handedOverWithinDays = 7;
/** Manifests that are listed. */
const mostListed = 100;

/** The body of `POST /v1/manifests`. */
export const manifestRequestSchema = z.strictObject({
  /** Shipments of one carrier account, from one place, that leave on one day. */
  shipmentIds: z.array(z.uuid()).min(1).max(mostInManifest).refine((ids) => new Set(ids).size === ids.length, 'must name each shipment once'),
  /** The day on which they are handed over, such as 2026-11-21. */
  shippedOn: z.iso.date(),
});
export type ManifestRequest = z.infer<typeof manifestRequestSchema>;

/** What `GET /v1/manifests` may ask for: those of one day, such as 2026-11-21. */
export const manifestQuerySchema = z.strictObject({ shippedOn: z.iso.date().optional() });

const planSchema = z.object({
  carrierAccountId: z.string(), from: postalAddressSchema, shippedAt: z.string(), transactionIds: z.array(z.string()), shipmentIds: z.array(z.uuid()),
});
/** What is asked of Shippo. */
export type ManifestPlan = z.infer<typeof planSchema>;

export const manifestStateSchema = z.enum(['requested', 'ready', 'failed']);
export type ManifestState = z.infer<typeof manifestStateSchema>;

export interface StoredManifest {
  readonly id: string;
  readonly connectionId: string;
  readonly requestHash: string;
  readonly plan: ManifestPlan;
  readonly state: ManifestState;
  readonly vendorManifestId: string | null;
  readonly documents: readonly string[];
  /** Why there is none. */
  readonly message: string | null;
  readonly createdAt: Date;
}

export async function findManifest(manager: EntityManager, id: string): Promise<StoredManifest | undefined> {
  return (await selectManifests(manager, 'manifest_id = $1', id))[0];
}

/** The newest, at most 100, or those of one day. @param shippedOn the day on which the parcels are handed over, such as 2026-11-21 */
export function listManifests(manager: EntityManager, shippedOn?: string): Promise<StoredManifest[]> {
  return selectManifests(manager, `$1::text IS NULL OR left(plan ->> 'shippedAt', 10) = $1 ORDER BY created_at DESC, manifest_id LIMIT ${mostListed}`, shippedOn ?? null);
}

async function selectManifests(manager: EntityManager, condition: string, value: string | null): Promise<StoredManifest[]> {
  const rows = await manager.query<Array<Omit<StoredManifest, 'plan'> & { readonly plan: unknown }>>(
    `SELECT manifest_id AS id, connection_id AS "connectionId", request_hash AS "requestHash", plan, state, vendor_manifest_id AS "vendorManifestId",
       documents, message, created_at AS "createdAt" FROM manifest WHERE ${condition}`, [value]);
  return rows.map((row) => ({ ...row, plan: planSchema.parse(row.plan) }));
}

/** Notes that a day is closed out. @returns false where it was already. */
export async function claimDay(manager: EntityManager, tenantId: string, day: string): Promise<boolean> {
  const claimed = await manager.query<unknown[]>(
    'INSERT INTO manifest_day (tenant_id, day) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING day', [tenantId, day]);
  return claimed.length > 0;
}

/** The shipments of these carriers that have a label and are in no manifest, together as one manifest may take them. */
export async function findToHandOver(manager: EntityManager, carriers: readonly string[], moment: Date): Promise<string[][]> {
  const rows = await manager.query<Array<{ ids: string[] }>>(
    `SELECT array_agg(shipment_id ORDER BY shipment_id) AS ids FROM shipment
     WHERE manifest_id IS NULL AND kind = 'outbound' AND status IN ('label_purchased', 'pre_transit') AND carrier = ANY($1)
       AND chosen_rate ->> 'carrierAccountId' IS NOT NULL AND created_at > $2::timestamptz - make_interval(days => $3)
     GROUP BY connection_id, chosen_rate ->> 'carrierAccountId', request -> 'from' ORDER BY min(shipment_id::text)`,
    [carriers, moment.toISOString(), handedOverWithinDays]);
  return rows.map(({ ids }) => ids);
}

export async function insertManifest(
  manager: EntityManager, tenantId: string, { id, connectionId, requestHash, plan }: Pick<StoredManifest, 'id' | 'connectionId' | 'requestHash' | 'plan'>,
): Promise<void> {
  await manager.query(
    `INSERT INTO manifest (manifest_id, tenant_id, connection_id, request_hash, plan, state) VALUES ($1, $2, $3, $4, $5, 'requested')`,
    [id, tenantId, connectionId, requestHash, JSON.stringify(plan)]);
  await manager.query('UPDATE shipment SET manifest_id = $1 WHERE shipment_id = ANY($2)', [id, plan.shipmentIds]);
}

/** Keeps how far a manifest is; the shipments of one that failed may come into another. */
export async function keepManifest(
  manager: EntityManager, id: string,
  { state, vendorManifestId, documents = [], message }: { readonly state: ManifestState; readonly vendorManifestId?: string; readonly documents?: readonly string[]; readonly message?: string },
): Promise<void> {
  await manager.query(
    'UPDATE manifest SET state = $2, vendor_manifest_id = coalesce($3, vendor_manifest_id), documents = $4, message = $5 WHERE manifest_id = $1',
    [id, state, vendorManifestId ?? null, JSON.stringify(documents), message ?? null]);
  if (state === 'failed') await manager.query('UPDATE shipment SET manifest_id = NULL WHERE manifest_id = $1', [id]);
}
