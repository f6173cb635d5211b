import type { Sample } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { contactKey } from './touch.ts';

/** Remembers a sample that was sent or has arrived. @returns whether it is new. */
export async function rememberSample(manager: EntityManager, shipmentId: string, { contactEmail, campaign, product }: Sample): Promise<boolean> {
  const stored = await manager.query<unknown[]>(
    `INSERT INTO sample (shipment_id, tenant_id, contact_email, campaign, product) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (shipment_id) DO NOTHING RETURNING 1`,
    [shipmentId, tenantContext.require().tenantId, contactKey(contactEmail), campaign ?? null, product ?? null],
  );
  return stored.length > 0;
}
