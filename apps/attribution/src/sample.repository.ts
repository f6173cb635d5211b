import type { Sample } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Touch } from './credit-allocation.ts';

/** Two spellings of an e-mail address that differ in case only are one contact. */
export function contactKey(email: string): string {
  return email.trim().toLowerCase();
}

/** Remembers a sample that was sent. @returns whether it is new. */
export async function rememberSample(manager: EntityManager, shipmentId: string, sample: Sample): Promise<boolean> {
  const stored = await manager.query<unknown[]>(
    `INSERT INTO sample (shipment_id, tenant_id, contact_email, campaign, product) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (shipment_id) DO NOTHING RETURNING 1`,
    sampleValues(shipmentId, sample),
  );
  return stored.length > 0;
}

/** Remembers that a sample reached its contact, also where nothing told of the sample before. @returns whether it is news. */
export async function rememberTouch(
  manager: EntityManager, shipmentId: string, sample: Sample, touchedAt: string,
): Promise<boolean> {
  const stored = await manager.query<unknown[]>(
    `INSERT INTO sample (shipment_id, tenant_id, contact_email, campaign, product, touched_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (shipment_id) DO UPDATE SET touched_at = excluded.touched_at
       WHERE sample.touched_at IS NULL OR excluded.touched_at < sample.touched_at
     RETURNING 1`,
    [...sampleValues(shipmentId, sample), touchedAt],
  );
  return stored.length > 0;
}

/** All touches of these contacts. */
export async function findTouches(manager: EntityManager, contactEmails: readonly string[]): Promise<Touch[]> {
  return manager.query<Touch[]>(
    `SELECT shipment_id AS "shipmentId", contact_email AS "contactEmail", touched_at AS "touchedAt"
     FROM sample WHERE contact_email = ANY($1) AND touched_at IS NOT NULL`,
    [[...contactEmails]],
  );
}

/**
 * Makes others who work on one of these contacts wait until the transaction ends. A sample's delivery and the close of
 * a deal may be told at the same moment; without this neither transaction would see the other's row.
 */
export async function claimContacts(manager: EntityManager, contactEmails: readonly string[]): Promise<void> {
  const { tenantId } = tenantContext.require();
  for (const email of [...new Set(contactEmails)].sort()) {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`contact/${tenantId}/${email}`]);
  }
}

function sampleValues(shipmentId: string, { contactEmail, campaign, product }: Sample): unknown[] {
  return [shipmentId, tenantContext.require().tenantId, contactKey(contactEmail), campaign ?? null, product ?? null];
}
