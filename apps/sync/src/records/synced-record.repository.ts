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
  const [row] = await manager.query<unknown[]>(
    `SELECT golden_id, sync_id, object, fields, origins, associations, state, merged_into FROM golden_record WHERE golden_id = $1 FOR UPDATE`, [goldenId]);
  if (row === undefined) return undefined;
  const { golden_id: id, sync_id: syncId, merged_into: mergedInto, ...golden } = goldenRowSchema.parse(row);
  const links = await manager.query<unknown[]>(
    `SELECT connection_id, external_id, state, modified_at, told_at, gone_at, written, seen, held, associations, unknown_associations, unkept, pending, refusal
     FROM record_link WHERE golden_id = $1`, [goldenId]);
  return {
    syncId,
    golden: { id, ...golden, ...(mergedInto !== null && { mergedInto }) },
    links: new Map(links.map((link) => linkOf(linkRowSchema.parse(link))).map((link) => [link.connectionId, link])),
  };
}

/** Reads several to change them, in the order of their ids: so two who need the same ones do so one after the other. @returns those that there are, in the order asked for. */
export async function claimRecords(manager: EntityManager, goldenIds: readonly string[]): Promise<StoredRecord[]> {
  const claimed = new Map<string, StoredRecord>();
  for (const id of [...new Set(goldenIds)].sort()) {
    const record = await claimRecord(manager, id);
    if (record) claimed.set(id, record);
  }
  return [...new Set(goldenIds)].flatMap((id) => claimed.get(id) ?? []);
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

/** Stores a record that was claimed before, or that is new; links that are as they were are not written. */
export async function saveRecord(manager: EntityManager, before: SyncedRecord | undefined, { syncId, golden, links }: StoredRecord, scanned?: ScannedAt): Promise<void> {
  const { tenantId } = tenantContext.require();
  if (golden !== before?.golden) {
    await manager.query(
      `INSERT INTO golden_record (golden_id, tenant_id, sync_id, object, fields, origins, associations, state, merged_into, identity)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (tenant_id, golden_id) DO UPDATE SET
         fields = excluded.fields, origins = excluded.origins, associations = excluded.associations, state = excluded.state,
         merged_into = excluded.merged_into, identity = excluded.identity, updated_at = now()`,
      [
        golden.id, tenantId, syncId, golden.object, JSON.stringify(golden.fields), JSON.stringify(golden.origins), golden.associations,
        golden.state, golden.mergedInto ?? null, identityOf(golden.object, golden.fields) ?? null,
      ]);
  }
  for (const link of links.values()) {
    if (link === before?.links.get(link.connectionId)) continue;
    await saveLink(manager, tenantId, golden, link, scanned?.connectionId === link.connectionId ? scanned.scanId : undefined);
  }
}

async function saveLink(manager: EntityManager, tenantId: string, golden: GoldenRecord, link: RecordLink, scanId: string | undefined): Promise<void> {
  await manager.query(
    `INSERT INTO record_link (golden_id, connection_id, tenant_id, object, external_id, state, modified_at, told_at, gone_at, written, seen, held,
                              associations, unknown_associations, unkept, pending, refusal, scan_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
     ON CONFLICT (tenant_id, golden_id, connection_id) DO UPDATE SET
       external_id = excluded.external_id, state = excluded.state, modified_at = excluded.modified_at, told_at = excluded.told_at, gone_at = excluded.gone_at, written = excluded.written,
       seen = excluded.seen, held = excluded.held, associations = excluded.associations, unknown_associations = excluded.unknown_associations,
       unkept = excluded.unkept, pending = excluded.pending, refusal = excluded.refusal, scan_id = coalesce(excluded.scan_id, record_link.scan_id)`,
    [
      golden.id, link.connectionId, tenantId, golden.object, link.externalId ?? null, link.state, link.modifiedAt ?? null, link.toldAt ?? null, link.goneAt ?? null,
      link.written ? JSON.stringify(link.written) : null,
      JSON.stringify(link.seen), JSON.stringify(link.held), link.associations, link.unknownAssociations.map(textOfRef), link.unkept,
      link.pending ? JSON.stringify(link.pending) : null, link.refusal ? JSON.stringify(link.refusal) : null, scanId ?? null,
    ]);
}

/** Which golden record an account's record belongs to. */
export async function findLinked(manager: EntityManager, connectionId: string, { object, externalId }: CrmRef): Promise<string | undefined> {
  const { tenantId } = tenantContext.require();
  const [row] = await manager.query<Array<{ golden_id: string }>>(
    'SELECT golden_id FROM record_link WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND external_id = $4',
    [tenantId, connectionId, object, externalId]);
  return row?.golden_id;
}

/** The golden records that these records of an account belong to, in the order of theirs. */
export async function findLinkedAmong(manager: EntityManager, connectionId: string, object: CrmObject, externalIds: readonly string[]): Promise<string[]> {
  const rows = await manager.query<Array<{ golden_id: string }>>(
    `SELECT golden_id FROM record_link WHERE tenant_id = $1 AND connection_id = $2 AND object = $3 AND external_id = ANY($4)
     ORDER BY array_position($4, external_id)`,
    [tenantContext.require().tenantId, connectionId, object, externalIds]);
  return rows.map(({ golden_id: id }) => id);
}

/** Two who bring the same person or company to a sync at the same moment do so one after the other. */
export async function lockIdentity(manager: EntityManager, syncId: string, identity: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`sync/${syncId}/${identity}`]);
}

/**
 * The live golden record of a sync that has this identity; the oldest of several.
 * @param connectionId where given, one that has no counterpart that is known there, or one that is gone
 */
export async function findByIdentity(manager: EntityManager, syncId: string, identity: string, connectionId?: string): Promise<string | undefined> {
  const [row] = await manager.query<Array<{ golden_id: string }>>(
    `SELECT golden_id FROM golden_record
     WHERE sync_id = $1 AND identity = $2 AND state = 'live'
       AND NOT EXISTS (SELECT FROM record_link WHERE record_link.golden_id = golden_record.golden_id AND connection_id = $3 AND external_id IS NOT NULL AND record_link.state = 'linked')
     ORDER BY golden_id LIMIT 1`, [syncId, identity, connectionId ?? null]);
  return row?.golden_id;
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
  const { connection_id: connectionId, external_id: externalId, modified_at: modifiedAt, told_at: toldAt, gone_at: goneAt, written, unknown_associations: unknown, pending, refusal, ...rest } = row;
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
