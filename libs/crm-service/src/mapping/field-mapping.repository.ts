import { crmObjectSchema, Failure, type CrmObject } from '@crossdock/contracts';
import { mappingRulesSchema, type MappingRules } from '@crossdock/field-mapping';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { MappedObject } from './mapped-object.ts';

/** The version under which the defaults alone hold: where nothing was saved, or was taken back. */
const defaultVersion = 0;

const ruleRowSchema = z.object({ version: z.int(), rules: mappingRulesSchema });
const activeRowSchema = ruleRowSchema.extend({ object: crmObjectSchema });

/** Rules and the version under which they were saved. */
export type ActiveRules = Pick<z.infer<typeof ruleRowSchema>, 'version' | 'rules'>;
const versionRowSchema = z.object({ version: z.int(), savedBy: z.string(), savedAt: z.date(), isActive: z.boolean() });
export type MappingVersion = z.infer<typeof versionRowSchema>;
const savedRulesRowSchema = versionRowSchema.extend({ rules: mappingRulesSchema });
/** A version with what it says. */
export type SavedRules = z.infer<typeof savedRulesRowSchema>;

const ofObject = 'connection_id = $1 AND object = $2';

/** The rules that hold, in the caller's tenant transaction. */
export async function findActiveRules(manager: EntityManager, { connectionId, object }: MappedObject): Promise<ActiveRules> {
  return (await listActiveRules(manager, connectionId))(object);
}

/** The rules that hold for each kind of an account's records, by one statement in the caller's tenant transaction. */
export async function listActiveRules(manager: EntityManager, connectionId: string): Promise<(object: CrmObject) => ActiveRules> {
  const rows = await manager.query<unknown[]>('SELECT object, version, rules FROM field_mapping WHERE connection_id = $1 AND is_active', [connectionId]);
  const saved = z.array(activeRowSchema).parse(rows);
  return (object) => saved.find((row) => row.object === object) ?? { version: defaultVersion, rules: { fields: [], off: [] } };
}

/** @throws Failure `not_found` where there is no such version. */
export async function findRules(manager: EntityManager, { connectionId, object }: MappedObject, version: number): Promise<MappingRules> {
  if (version === defaultVersion) return { fields: [], off: [] };
  const [row] = await manager.query<unknown[]>(`SELECT version, rules FROM field_mapping WHERE ${ofObject} AND version = $3`, [connectionId, object, version]);
  if (row === undefined) throw new Failure('not_found', `There is no version ${version} of this mapping.`);
  return ruleRowSchema.parse(row).rules;
}

/** All that were saved, the latest first. */
export async function listVersions(manager: EntityManager, { connectionId, object }: MappedObject): Promise<MappingVersion[]> {
  return z.array(versionRowSchema).parse(await manager.query(
    `SELECT version, saved_by AS "savedBy", saved_at AS "savedAt", is_active AS "isActive" FROM field_mapping WHERE ${ofObject} ORDER BY version DESC`, [connectionId, object]));
}

/** Some of them with what they say, the latest first. @param before the last one seen */
export async function listSavedRules(manager: EntityManager, { connectionId, object }: MappedObject, { limit, before }: { readonly limit: number; readonly before: number | undefined }): Promise<SavedRules[]> {
  return z.array(savedRulesRowSchema).parse(await manager.query(
    `SELECT version, rules, saved_by AS "savedBy", saved_at AS "savedAt", is_active AS "isActive" FROM field_mapping
     WHERE ${ofObject} AND ($3::int IS NULL OR version < $3) ORDER BY version DESC LIMIT $4`, [connectionId, object, before ?? null, limit]));
}

/** Saves a version and makes it the one that holds. The caller has locked the object's schema (`lockSchema`), so that versions come one by one. */
export async function saveRules(manager: EntityManager, { tenantId, connectionId, object }: MappedObject, rules: MappingRules, savedBy: string): Promise<void> {
  await manager.query(`UPDATE field_mapping SET is_active = false WHERE ${ofObject} AND is_active`, [connectionId, object]);
  await manager.query(
    `INSERT INTO field_mapping (tenant_id, connection_id, object, version, rules, saved_by, is_active)
     SELECT $3, $1, $2, coalesce(max(version), 0) + 1, $4, $5, true FROM field_mapping WHERE ${ofObject}`,
    [connectionId, object, tenantId, JSON.stringify(rules), savedBy]);
}

/** Makes an old version the one that holds, or the defaults. */
export async function activateVersion(manager: EntityManager, { connectionId, object }: MappedObject, version: number): Promise<void> {
  await manager.query(`UPDATE field_mapping SET is_active = false WHERE ${ofObject} AND is_active`, [connectionId, object]);
  await manager.query(`UPDATE field_mapping SET is_active = true WHERE ${ofObject} AND version = $3`, [connectionId, object, version]);
}
