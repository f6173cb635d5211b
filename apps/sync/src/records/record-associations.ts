import type { CrmRef } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { findAllLinked, textOfRef } from './synced-record.repository.ts';

/** The golden records of an account's records, by the text of each. */
export async function findNamed(manager: EntityManager, connectionId: string, refs: readonly CrmRef[]): Promise<ReadonlyMap<string, string>> {
  const named = new Map<string, string>();
  for (const [object, ofObject] of Map.groupBy(refs, (ref) => ref.object)) {
    const linked = await findAllLinked(manager, connectionId, object, [...new Set(ofObject.map(({ externalId }) => externalId))]);
    for (const [externalId, goldenId] of linked) named.set(textOfRef({ object, externalId }), goldenId);
  }
  return named;
}

/** Those that have a golden record, sorted by its id, and those that have none yet. */
export function resolveAmong(named: ReadonlyMap<string, string>, refs: readonly CrmRef[]): { readonly known: string[]; readonly unknown: CrmRef[] } {
  return {
    known: [...new Set(refs.flatMap((ref) => named.get(textOfRef(ref)) ?? []))].sort(),
    unknown: refs.filter((ref) => !named.has(textOfRef(ref))),
  };
}

/** The golden records of an account's records, and those that have none yet. */
export async function resolveRefs(
  manager: EntityManager, connectionId: string, refs: readonly CrmRef[],
): Promise<{ readonly known: string[]; readonly unknown: CrmRef[] }> {
  return resolveAmong(await findNamed(manager, connectionId, refs), refs);
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

/** A golden record and its counterpart in an account. */
export interface Counterpart {
  readonly goldenId: string;
  readonly ref: CrmRef;
}

/** Golden records that wait for these to have their counterparts in the account: those that name them there, and those that are to. */
export async function findWaiting(manager: EntityManager, connectionId: string, counterparts: readonly Counterpart[]): Promise<string[]> {
  if (counterparts.length === 0) return [];
  // Said twice: the index holds only links that name unknown ones.
  const rows = await manager.query<Array<{ golden_id: string }>>(
    `SELECT golden_id FROM record_link WHERE tenant_id = $1 AND connection_id = $2 AND unknown_associations && $3::text[] AND unknown_associations <> '{}'
     UNION SELECT golden_id FROM golden_record WHERE associations && $4::uuid[]`,
    [tenantContext.require().tenantId, connectionId, counterparts.map(({ ref }) => textOfRef(ref)), counterparts.map(({ goldenId }) => goldenId)]);
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
