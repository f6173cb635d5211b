import type { CrmRef } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { textOfRef } from './synced-record.repository.ts';

/** The golden records of an account's records, and those that have none yet. */
export async function resolveRefs(
  manager: EntityManager, connectionId: string, refs: readonly CrmRef[],
): Promise<{ readonly known: string[]; readonly unknown: CrmRef[] }> {
  if (refs.length === 0) return { known: [], unknown: [] };
  const rows = await manager.query<Array<{ object: string; external_id: string; golden_id: string }>>(
    `SELECT object, external_id, golden_id FROM record_link
     WHERE tenant_id = $1 AND connection_id = $2 AND (object, external_id) IN (SELECT * FROM unnest($3::text[], $4::text[]))`,
    [tenantContext.require().tenantId, connectionId, refs.map(({ object }) => object), refs.map(({ externalId }) => externalId)]);
  const goldenIds = new Map(rows.map(({ object, external_id: externalId, golden_id: goldenId }) => [`${object}/${externalId}`, goldenId]));
  return {
    known: [...new Set(goldenIds.values())].sort(),
    unknown: refs.filter((ref) => !goldenIds.has(textOfRef(ref))),
  };
}

/** Where golden records have their counterparts: for each connection the account's record by the golden id. */
export async function findCounterparts(manager: EntityManager, goldenIds: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, CrmRef>>> {
  const counterparts = new Map<string, Map<string, CrmRef>>();
  if (goldenIds.length === 0) return counterparts;
  const rows = await manager.query<Array<{ golden_id: string; connection_id: string; object: CrmRef['object']; external_id: string }>>(
    `SELECT golden_id, connection_id, object, external_id FROM record_link
     WHERE golden_id = ANY($1) AND state = 'linked' AND external_id IS NOT NULL`, [goldenIds]);
  for (const { golden_id: goldenId, connection_id: connectionId, object, external_id: externalId } of rows) {
    const ofConnection = counterparts.get(connectionId) ?? new Map<string, CrmRef>();
    counterparts.set(connectionId, ofConnection.set(goldenId, { object, externalId }));
  }
  return counterparts;
}

/** Golden records that wait for this one to have its counterpart in the account: those that name it there, and those that are to. */
export async function findWaiting(manager: EntityManager, connectionId: string, goldenId: string, ref: CrmRef): Promise<string[]> {
  const rows = await manager.query<Array<{ golden_id: string }>>(
    `SELECT golden_id FROM record_link WHERE tenant_id = $1 AND connection_id = $2 AND unknown_associations @> ARRAY[$3]
     UNION SELECT golden_id FROM golden_record WHERE associations @> ARRAY[$4::uuid]`,
    [tenantContext.require().tenantId, connectionId, textOfRef(ref), goldenId]);
  return rows.map(({ golden_id: id }) => id);
}

/**
 * Golden records that name one which has ended in another name that other one now, and so do their counterparts in the accounts
 * that hold it for the other one already. @returns their ids.
 */
export async function replaceAssociation(manager: EntityManager, endedId: string, heirId: string, connectionIds: readonly string[]): Promise<string[]> {
  const { tenantId } = tenantContext.require();
  const replaced = '(SELECT array_agg(DISTINCT id ORDER BY id) FROM unnest(array_replace(associations, $1::uuid, $2::uuid)) AS id)';
  const [rows] = await manager.query<[Array<{ golden_id: string }>, number]>(
    `UPDATE golden_record SET associations = ${replaced} WHERE tenant_id = $3 AND associations @> ARRAY[$1::uuid] RETURNING golden_id`, [endedId, heirId, tenantId]);
  const ids = rows.map(({ golden_id: id }) => id);
  await manager.query(
    `UPDATE record_link SET associations = ${replaced}
     WHERE tenant_id = $3 AND golden_id = ANY($4) AND connection_id = ANY($5) AND associations @> ARRAY[$1::uuid]`,
    [endedId, heirId, tenantId, ids, connectionIds]);
  return ids;
}
