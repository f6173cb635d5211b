import { crmObjectSchema, type CrmObject } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** How many warnings the mapping of each kind of record has, because the account has changed; kinds without any are absent. */
export const mappingDriftSchema = z.partialRecord(crmObjectSchema, z.int().positive());
export type MappingDrift = z.infer<typeof mappingDriftSchema>;

const rowsSchema = z.array(z.object({ drift: mappingDriftSchema })).max(1);

/** Keeps what the service of a vendor found, in a transaction of the connection's tenant. */
export async function keepMappingDrift(manager: EntityManager, connectionId: string, object: CrmObject, warnings: number): Promise<void> {
  await manager.query(
    `UPDATE connections.connection
     SET mapping_drift = CASE WHEN $3::int = 0 THEN mapping_drift - $2 ELSE mapping_drift || jsonb_build_object($2::text, $3::int) END WHERE id = $1`,
    [connectionId, object, warnings]);
}

/** In a transaction of the connection's tenant. */
export async function readMappingDrift(manager: EntityManager, connectionId: string): Promise<MappingDrift> {
  const rows: unknown = await manager.query('SELECT mapping_drift AS drift FROM connections.connection WHERE id = $1', [connectionId]);
  return rowsSchema.parse(rows)[0]?.drift ?? {};
}
