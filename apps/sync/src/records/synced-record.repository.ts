import { crmObjectSchema, fieldValueSchema, type CrmObject, type CrmRef } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { GoldenRecord, RecordLink, SyncedRecord } from '../merge/synced-record.ts';

/** What a record is recognised by, as the account has it. */
const identityThere = `lower(seen -> (CASE object WHEN 'contact' THEN 'email' ELSE 'domain' END) ->> 'theirs')`;

const fieldsSchema = z.record(z.string(), fieldValueSchema);
const timeSchema = z.date().transform((date) => date.toISOString());

const goldenRowSchema = z.object({
  golden_id: z.uuid(),
  sync_id: z.uuid(),
  object: crmObjectSchema,
  fields: fieldsSchema,
  origins: z.record(z.string(), z.object({ connectionId: z.uuid(), at: z.string() })),
  associations: z.array(z.uuid()),
  state: z.enum(['live', 'gone']),
  merged_into: z.uuid().nullable(),
});

const linkRowSchema = z.object({
  golden_id: z.uuid(),
  connection_id: z.uuid(),
  external_id: z.string().nullable(),
  state: z.enum(['linked', 'gone']),
  modified_at: timeSchema.nullable(),
  told_at: timeSchema.nullable(),
  gone_at: timeSchema.nullable(),
  written: z.object({ at: z.string(), fields: z.array(z.string()) }).nullable(),
  seen: z.record(z.string(), z.object({ theirs: fieldValueSchema, ours: fieldValueSchema, replaced: fieldValueSchema.optional() })),
  held: z.record(z.string(), z.object({ theirs: fieldValueSchema, since: z.string() })),
  associations: z.array(z.uuid()),
  unknown_associations: z.array(z.string()),
  unkept: z.array(z.string()),
  pending: z.object({
    requestId: z.uuid(), fields: fieldsSchema, associate: z.array(z.uuid()), dissociate: z.array(z.uuid()), isOvertaken: z.boolean(),
  }).nullable(),
  refusal: z.object({
    kind: z.string(), message: z.string(), field: z.string().optional(), fields: fieldsSchema, associate: z.array(z.uuid()), dissociate: z.array(z.uuid()),
  }).nullable(),
});

/** A golden record as it is stored, with the sync that keeps it. */
export interface StoredRecord extends SyncedRecord {
  readonly syncId: string;
}

/** Reads a golden record with its links to change it; until the transaction ends nobody else does so. */
export async function claimRecord(manager: EntityManager, goldenId: string): Promise<StoredRecord | undefined> {
  return (await claimRecords(manager, [goldenId]))[0];
}

/** Reads several to change them, locked in the order of their ids: so two who need the same ones do so one after the other. @returns those that there are, in the order asked for. */
export async function claimRecords(manager: EntityManager, goldenIds: readonly string[]): Promise<StoredRecord[]> {
  const ids = [...new Set(goldenIds.map((id) => id.toLowerCase()))];
  if (ids.length === 0) return [];
  const rows = z.array(goldenRowSchema).parse(await manager.query(
    `SELECT golden_id, sync_id, object, fields, origins, associations, state, merged_into FROM golden_record
     WHERE tenant_id = $1 AND golden_id = ANY($2) ORDER BY golden_id FOR UPDATE`, [tenantContext.require().tenantId, ids]));
  if (rows.length === 0) return [];
  const links = z.array(linkRowSchema).parse(await manager.query(
    `SELECT golden_id, connection_id, external_id, state, modified_at, told_at, gone_at, written, seen, held, associations, unknown_associations, unkept, pending, refusal
     FROM record_link WHERE tenant_id = $1 AND golden_id = ANY($2)`, [tenantContext.require().tenantId, rows.map(({ golden_id: id }) => id)]));
  const linksOf = Map.groupBy(links, ({ golden_id: id }) => id);
  const claimed = new Map(rows.map(({ golden_id: id, sync_id: syncId, merged_into: mergedInto, ...golden }): [string, StoredRecord] => [id, {
    syncId,
    golden: { id, ...golden, ...(mergedInto !== null && { mergedInto }) },
    links: new Map((linksOf.get(id) ?? []).map((row) => [row.connection_id, linkOf(row)])),
  }]));
  return ids.flatMap((id) => claimed.get(id) ?? []);
}

/** Keeps others from changing these golden records until the transaction ends; locked in the order of their ids, as `claimRecords` does. */
export async function lockRecords(manager: EntityManager, goldenIds: readonly string[]): Promise<void> {
  if (goldenIds.length < 2) return;
  await manager.query('SELECT 1 FROM golden_record WHERE tenant_id = $1 AND golden_id = ANY($2) ORDER BY golden_id FOR UPDATE', [tenantContext.require().tenantId, goldenIds]);
}

/** The same without waiting. @returns those that nobody else was changing. */
export async function lockFree(manager: EntityManager, goldenIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await manager.query<Array<{ golden_id: string }>>(
    'SELECT golden_id FROM golden_record WHERE tenant_id = $1 AND golden_id = ANY($2) ORDER BY golden_id FOR UPDATE SKIP LOCKED', [tenantContext.require().tenantId, goldenIds]);
  return new Set(rows.map(({ golden_id: id }) => id));
}

/** Which of these golden records there are. */
export async function findMade(manager: EntityManager, goldenIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await manager.query<Array<{ golden_id: string }>>(
    'SELECT golden_id FROM golden_record WHERE tenant_id = $1 AND golden_id = ANY($2)', [tenantContext.require().tenantId, goldenIds]);
  return new Set(rows.map(({ golden_id: id }) => id));
}

/** A golden record and those in which it has ended, one after the other. */
export async function findHeirs(manager: EntityManager, goldenId: string): Promise<string[]> {
  const rows = await manager.query<Array<{ golden_id: string }>>(
    `WITH RECURSIVE heir AS (
       SELECT golden_id, merged_into FROM golden_record WHERE golden_id = $1
       UNION SELECT next.golden_id, next.merged_into FROM heir JOIN golden_record AS next ON next.golden_id = heir.merged_into
     ) SELECT golden_id FROM heir`, [goldenId]);
  return rows.map(({ golden_id: id }) => id);
}

/** A complete reading that came past a record, and where. */
export interface ScannedAt {
  readonly connectionId: string;
  readonly scanId: string;
}

/** A record that was claimed before, or is new, and what it has become. */
export interface RecordChange {
  readonly before: SyncedRecord | undefined;
  readonly after: StoredRecord;
  readonly scanned?: ScannedAt | undefined;
}

/** Stores a record that was claimed before, or that is new; links that are as they were are not written. */
export async function saveRecord(manager: EntityManager, before: SyncedRecord | undefined, after: StoredRecord, scanned?: ScannedAt): Promise<void> {
  await saveRecords(manager, [{ before, after, scanned }]);
}

/** The same for several, each another golden record, in two statements. */
export async function saveRecords(manager: EntityManager, changes: readonly RecordChange[]): Promise<void> {
  const { tenantId } = tenantContext.require();
  const golden = changes.filter(({ before, after }) => after.golden !== before?.golden).map(({ after }) => goldenColumns(after));
  const links = changes.flatMap(({ before, after, scanned }) => [...after.links.values()]
    .filter((link) => link !== before?.links.get(link.connectionId))
    .map((link) => linkColumns(after.golden, link, scanned?.connectionId === link.connectionId ? scanned.scanId : undefined)));
  if (golden.length > 0) await manager.query(saveGoldenStatement, [tenantId, JSON.stringify(golden)]);
  if (links.length > 0) await manager.query(saveLinksStatement, [tenantId, JSON.stringify(links)]);
}

const saveGoldenStatement = `
  INSERT INTO golden_record (tenant_id, golden_id, sync_id, object, fields, origins, associations, state, merged_into, identity)
  SELECT $1, golden.* FROM jsonb_to_recordset($2) AS golden (
    golden_id uuid, sync_id uuid, object text, fields jsonb, origins jsonb, associations uuid[], state text, merged_into uuid, identity text)
  ON CONFLICT (tenant_id, golden_id) DO UPDATE SET
    fields = excluded.fields, origins = excluded.origins, associations = excluded.associations, state = excluded.state,
    merged_into = excluded.merged_into, identity = excluded.identity, updated_at = now()`;

function goldenColumns({ syncId, golden }: StoredRecord): object {
  const { id, object, fields, origins, associations, state, mergedInto } = golden;
  return { golden_id: id, sync_id: syncId, object, fields, origins, associations, state, merged_into: mergedInto, identity: identityOf(object, fields) };
}

const saveLinksStatement = `
  INSERT INTO record_link (tenant_id, golden_id, connection_id, object, external_id, state, modified_at, told_at, gone_at, written, seen, held,
                           associations, unknown_associations, unkept, pending, refusal, scan_id)
  SELECT $1, link.* FROM jsonb_to_recordset($2) AS link (
    golden_id uuid, connection_id uuid, object text, external_id text, state text, modified_at timestamptz, told_at timestamptz, gone_at timestamptz,
    written jsonb, seen jsonb, held jsonb, associations uuid[], unknown_associations text[], unkept text[], pending jsonb, refusal jsonb, scan_id uuid)
  ON CONFLICT (tenant_id, golden_id, connection_id) DO UPDATE SET
    external_id = excluded.external_id, state = excluded.state, modified_at = excluded.modified_at, told_at = excluded.told_at, gone_at = excluded.gone_at, written = excluded.written,
    seen = excluded.seen, held = excluded.held, associations = excluded.associations, unknown_associations = excluded.unknown_associations,
    unkept = excluded.unkept, pending = excluded.pending, refusal = excluded.refusal, scan_id = coalesce(excluded.scan_id, record_link.scan_id)`;

function linkColumns({ id, object }: GoldenRecord, link: RecordLink, scanId: string | undefined): object {
  const { connectionId, externalId, state, modifiedAt, toldAt, goneAt, written, seen, held, associations, unknownAssociations, unkept, pending, refusal } = link;
  return {
    golden_id: id, connection_id: connectionId, object, external_id: externalId, state, modified_at: modifiedAt, told_at: toldAt, gone_at: goneAt, written, seen, held,
    associations, unknown_associations: unknownAssociations.map(textOfRef), unkept, pending, refusal, scan_id: scanId,
  };
}

/** Which golden record an account's record belongs to. */
export async function findLinked(manager: EntityManager, connectionId: string, { object, externalId }: CrmRef): Promise<string | undefined> {
  return (await findAllLinked(manager, connectionId, object, [externalId])).get(externalId);
}

/** Which golden records an account's records belong to, by the ids of theirs. */
export async function findAllLinked(manager: EntityManager, connectionId: string, object: CrmObject, externalIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (externalIds.length === 0) return new Map();
  const rows = await manager.query<Array<{ external_id: string; golden_id: string }>>(
    'SELECT external_id, golden_id FROM record_link WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND external_id = ANY($4)',
    [tenantContext.require().tenantId, connectionId, object, externalIds]);
  return new Map(rows.map(({ external_id: externalId, golden_id: goldenId }) => [externalId, goldenId]));
}

/** The golden records that these records of an account belong to, in the order of theirs. */
export async function findLinkedAmong(manager: EntityManager, connectionId: string, object: CrmObject, externalIds: readonly string[]): Promise<string[]> {
  const rows = await manager.query<Array<{ golden_id: string }>>(
    `SELECT golden_id FROM record_link WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND external_id = ANY($4)
     ORDER BY array_position($4, external_id)`,
    [tenantContext.require().tenantId, connectionId, object, externalIds]);
  return rows.map(({ golden_id: id }) => id);
}

/** A person or company in a sync. */
export interface SyncedIdentity {
  readonly syncId: string;
  readonly identity: string;
}

/** Those who bring the same persons or companies to a sync at the same moment do so one after the other; locked in the order of the keys. */
export async function lockIdentities(manager: EntityManager, identities: readonly SyncedIdentity[]): Promise<void> {
  await manager.query(
    'SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(text, 0) AS key FROM unnest($1::text[]) AS text ORDER BY key) AS keys',
    [identities.map(({ syncId, identity }) => `sync/${syncId}/${identity}`)]);
}

/**
 * The live golden record of a sync that has this identity; the oldest of several.
 * @param connectionId where given, one that has no counterpart that is known there, or one that is gone
 */
export async function findByIdentity(manager: EntityManager, syncId: string, identity: string, connectionId?: string): Promise<string | undefined> {
  return (await findByIdentities(manager, syncId, [identity], connectionId)).get(identity);
}

/** The same for several, by the identities. */
export async function findByIdentities(manager: EntityManager, syncId: string, identities: readonly string[], connectionId?: string): Promise<ReadonlyMap<string, string>> {
  if (identities.length === 0) return new Map();
  const rows = await manager.query<Array<{ identity: string; golden_id: string }>>(
    `SELECT DISTINCT ON (identity) identity, golden_id FROM golden_record
     WHERE sync_id = $1 AND identity = ANY($2) AND state = 'live'
       AND NOT EXISTS (SELECT FROM record_link WHERE record_link.tenant_id = golden_record.tenant_id AND record_link.golden_id = golden_record.golden_id
                         AND connection_id = $3 AND external_id IS NOT NULL AND record_link.state = 'linked')
     ORDER BY identity, golden_id`, [syncId, identities, connectionId ?? null]);
  return new Map(rows.map(({ identity, golden_id: goldenId }) => [identity, goldenId]));
}

/**
 * Whether a record of the account that is kept in step has this identity there. Most have that of their golden record; the others
 * are about to be written, or have refused it.
 */
export async function isIdentityHeld(manager: EntityManager, syncId: string, { connectionId, object, identity }: { readonly connectionId: string; readonly object: CrmObject; readonly identity: string }): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT 1 FROM golden_record JOIN record_link USING (tenant_id, golden_id)
     WHERE sync_id = $1 AND identity = $2 AND golden_record.state = 'live' AND connection_id = $3 AND record_link.state = 'linked' AND external_id IS NOT NULL
     UNION ALL
     SELECT 1 FROM record_link
     WHERE connection_id = $3 AND object = $4 AND ${identityThere} = $2 AND external_id IS NOT NULL AND (pending IS NOT NULL OR refusal IS NOT NULL)
     LIMIT 1`,
    [syncId, identity, connectionId, object]);
  return rows.length > 0;
}

/**
 * Forgets that an account refused records because another one was in their way: the one of this identity is no more there.
 * @returns the golden records that can be tried again
 */
export async function forgetConflicts(manager: EntityManager, syncId: string, { connectionId, identity }: { readonly connectionId: string; readonly identity: string }): Promise<string[]> {
  const [rows] = await manager.query<[Array<{ golden_id: string }>, number]>(
    `UPDATE record_link SET refusal = NULL FROM golden_record
     WHERE golden_record.sync_id = $1 AND identity = $2 AND golden_record.state = 'live' AND golden_record.tenant_id = record_link.tenant_id
       AND golden_record.golden_id = record_link.golden_id AND connection_id = $3 AND refusal ->> 'kind' = 'conflict'
     RETURNING record_link.golden_id`, [syncId, identity, connectionId]);
  return rows.map(({ golden_id: id }) => id);
}

/**
 * Gives a golden record the counterparts of another one, in accounts where it has none. What they hold is forgotten, so that it is
 * taken over afresh when it is told again. @returns those that were moved.
 */
export async function moveLinks(manager: EntityManager, fromGoldenId: string, toGoldenId: string): Promise<Array<{ connectionId: string; externalId: string }>> {
  // One that was never made there gives way.
  await manager.query(
    `DELETE FROM record_link WHERE golden_id = $2 AND state = 'linked' AND external_id IS NULL AND pending IS NULL
       AND EXISTS (SELECT FROM record_link AS other WHERE other.golden_id = $1 AND other.connection_id = record_link.connection_id AND other.state = 'linked' AND other.external_id IS NOT NULL)`,
    [fromGoldenId, toGoldenId]);
  const [moved] = await manager.query<[Array<{ connection_id: string; external_id: string }>, number]>(
    `UPDATE record_link SET golden_id = $2, seen = '{}', held = '{}', modified_at = NULL, told_at = NULL, written = NULL, pending = NULL, refusal = NULL
     WHERE golden_id = $1 AND state = 'linked' AND external_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM record_link AS other WHERE other.golden_id = $2 AND other.connection_id = record_link.connection_id)
     RETURNING connection_id, external_id`, [fromGoldenId, toGoldenId]);
  return moved.map(({ connection_id: connectionId, external_id: externalId }) => ({ connectionId, externalId }));
}

/** By what a record is recognised when it arrives from elsewhere: it links, and is never the key. */
export function identityOf(object: CrmObject, fields: GoldenRecord['fields']): string | undefined {
  const value = object === 'contact' ? fields['email'] : object === 'company' ? fields['domain'] : undefined;
  return typeof value === 'string' ? value.toLowerCase() : undefined;
}

export function textOfRef({ object, externalId }: CrmRef): string {
  return `${object}/${externalId}`;
}

function refOfText(text: string): CrmRef {
  const slash = text.indexOf('/');
  return { object: crmObjectSchema.parse(text.slice(0, slash)), externalId: text.slice(slash + 1) };
}

function linkOf(row: z.infer<typeof linkRowSchema>): RecordLink {
  const { golden_id: _, connection_id: connectionId, external_id: externalId, modified_at: modifiedAt, told_at: toldAt, gone_at: goneAt, written, unknown_associations: unknown, pending, refusal, ...rest } = row;
  return {
    ...rest,
    connectionId,
    unknownAssociations: unknown.map(refOfText),
    ...(externalId !== null && { externalId }),
    ...(modifiedAt !== null && { modifiedAt }),
    ...(toldAt !== null && { toldAt }),
    ...(goneAt !== null && { goneAt }),
    ...(written !== null && { written }),
    ...(pending !== null && { pending }),
    ...(refusal !== null && { refusal: refusalOf(refusal) }),
  };
}

function refusalOf({ field, ...refusal }: NonNullable<z.infer<typeof linkRowSchema>['refusal']>): NonNullable<RecordLink['refusal']> {
  return { ...refusal, ...(field !== undefined && { field }) };
}
