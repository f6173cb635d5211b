import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { takesOneCompany } from '../merge/one-company.ts';
import type { Sync } from '../syncs/sync.repository.ts';
import { beforeAllLinks, type AfterLink } from './trouble.repository.ts';

/** A record that belongs to companies which an account leaves out, because it takes one. */
export const leftOutSchema = z.object({
  goldenId: z.uuid(),
  connectionId: z.uuid(),
  externalId: z.string(),
  companies: z.array(z.object({
    goldenId: z.uuid(),
    externalId: z.string(),
  })).readonly().describe('Those that it belongs to elsewhere and not there, as the account has them.'),
}).meta({ id: 'LeftOutCompanies' });
export type LeftOut = z.infer<typeof leftOutSchema>;

const rowSchema = z.object({
  golden_id: z.uuid(), connection_id: z.uuid(), external_id: z.string(), companies: z.array(z.object({ goldenId: z.uuid(), externalId: z.string() })),
});

/** In the order of golden records and connections. What is being written, or was refused, is not among them. */
export async function listLeftOut(manager: EntityManager, { id: syncId, rules }: Pick<Sync, 'id' | 'rules'>, limit: number, after: AfterLink = beforeAllLinks): Promise<LeftOut[]> {
  const takingOne = rules.sides.filter(({ vendor }) => takesOneCompany(vendor)).map(({ connectionId }) => connectionId);
  const rows = await manager.query<unknown[]>(
    `SELECT link.golden_id, link.connection_id, link.external_id, left_out.companies
     FROM golden_record AS golden JOIN record_link AS link USING (tenant_id, golden_id) CROSS JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('goldenId', there.golden_id, 'externalId', there.external_id) ORDER BY there.golden_id) AS companies
       FROM record_link AS there
       WHERE there.tenant_id = link.tenant_id AND there.connection_id = link.connection_id AND there.object = 'company' AND there.state = 'linked'
         AND there.external_id IS NOT NULL AND there.golden_id = ANY(golden.associations) AND there.golden_id <> ALL(link.associations)
     ) AS left_out
     WHERE golden.sync_id = $1 AND (link.golden_id, link.connection_id) > ($2::uuid, $3::uuid) AND link.connection_id = ANY($4)
       AND golden.state = 'live' AND cardinality(golden.associations) > 1 AND link.state = 'linked' AND link.external_id IS NOT NULL
       AND link.pending IS NULL AND link.refusal IS NULL AND left_out.companies IS NOT NULL
     ORDER BY link.golden_id, link.connection_id LIMIT $5`, [syncId, after.goldenId, after.connectionId, takingOne, limit]);
  return z.array(rowSchema).parse(rows).map(({ golden_id: goldenId, connection_id: connectionId, external_id: externalId, companies }) => ({ goldenId, connectionId, externalId, companies }));
}
