import { crmObjectSchema, fieldValueSchema, type CrmObject } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

const rowsSchema = z.array(z.object({
  id: z.uuid(),
  object: crmObjectSchema,
  fields: z.record(z.string(), fieldValueSchema),
  associations: z.array(z.uuid()),
  updatedAt: z.date().transform((date) => date.toISOString()),
  accounts: z.array(z.object({ connectionId: z.uuid(), externalId: z.string().nullable(), state: z.enum(['linked', 'gone']) })).nullable()
    .transform((accounts) => (accounts ?? []).map(({ externalId, ...account }) => ({ ...account, ...(externalId !== null && { externalId }) }))),
}));

/** A person, company or deal as all accounts are to hold it. Times are ISO 8601 in UTC with milliseconds. */
export type GoldenRecordView = z.output<typeof rowsSchema>[number];

/** What records are looked up by; each may be left out. */
export interface LookUp {
  readonly ids: readonly string[];
  /** Their counterparts in accounts. */
  readonly counterparts: ReadonlyArray<{ readonly connectionId: string; readonly object: CrmObject; readonly externalId: string }>;
  /** Records of a kind that name one of these. */
  readonly naming: { readonly object: CrmObject; readonly ids: readonly string[]; readonly mostOfOne: number } | undefined;
}

const columns = `golden_id AS id, object, fields, associations, updated_at AS "updatedAt",
  (SELECT json_agg(json_build_object('connectionId', connection_id, 'externalId', external_id, 'state', state) ORDER BY connection_id)
   FROM record_link WHERE record_link.tenant_id = golden_record.tenant_id AND record_link.golden_id = golden_record.golden_id) AS accounts`;

/** Records that are kept in step, by their ids: those behind `after`. */
export async function listGoldenRecords(manager: EntityManager, { object, after, limit }: { readonly object: CrmObject; readonly after: string | undefined; readonly limit: number }): Promise<GoldenRecordView[]> {
  return rowsSchema.parse(await manager.query(
    `SELECT ${columns} FROM golden_record WHERE tenant_id = $1 AND object = $2 AND state = 'live' AND golden_id > $3 ORDER BY golden_id LIMIT $4`,
    [tenantContext.require().tenantId, object, after ?? '00000000-0000-0000-0000-000000000000', limit]));
}

/** Those of them that there are and that are kept in step still, each once. */
export async function lookUpGoldenRecords(manager: EntityManager, { ids, counterparts, naming }: LookUp): Promise<GoldenRecordView[]> {
  const { tenantId } = tenantContext.require();
  return rowsSchema.parse(await manager.query(
    `SELECT ${columns} FROM golden_record WHERE tenant_id = $1 AND state = 'live' AND golden_id IN (
       SELECT unnest($2::uuid[])
       UNION SELECT record_link.golden_id FROM record_link
         JOIN unnest($3::uuid[], $4::text[], $5::text[]) AS wanted (connection_id, object, external_id) USING (connection_id, object, external_id) WHERE tenant_id = $1
       UNION SELECT named.golden_id FROM unnest($6::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
         SELECT golden_id FROM golden_record WHERE tenant_id = $1 AND associations @> ARRAY[wanted.id] AND object = $7 AND state = 'live' ORDER BY golden_id LIMIT $8) AS named)`,
    [
      tenantId, ids, counterparts.map(({ connectionId }) => connectionId), counterparts.map(({ object }) => object), counterparts.map(({ externalId }) => externalId),
      naming?.ids ?? [], naming?.object ?? '', naming?.mostOfOne ?? 0,
    ]));
}
