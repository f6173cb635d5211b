import { failureKindSchema, fieldValueSchema, timestampSchema } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** A record that an account did not take. */
export const recordErrorSchema = z.object({
  goldenId: z.uuid(),
  connectionId: z.uuid(),
  externalId: z.string().exactOptional().describe('Its id in the account, where it is there already.'),
  kind: failureKindSchema,
  message: z.string(),
  field: z.string().exactOptional().describe(`The account's name of the field it complained about.`),
});
export type RecordError = z.infer<typeof recordErrorSchema>;

/** A field that was changed in two places, and waits for a person. */
export const fieldConflictSchema = z.object({
  goldenId: z.uuid(),
  connectionId: z.uuid(),
  externalId: z.string().exactOptional(),
  field: z.string(),
  ours: fieldValueSchema,
  theirs: fieldValueSchema,
  since: timestampSchema,
});
export type FieldConflict = z.infer<typeof fieldConflictSchema>;

/** A field in which a complete reading found something else than was known. */
export const foundDifferenceSchema = z.object({
  driftId: z.string(),
  goldenId: z.uuid(),
  connectionId: z.uuid(),
  externalId: z.string(),
  field: z.string(),
  expected: fieldValueSchema,
  found: fieldValueSchema,
});
export type FoundDifference = z.infer<typeof foundDifferenceSchema>;

/** Where the page before ended. */
export interface AfterLink {
  readonly goldenId: string;
  readonly connectionId: string;
}

export const beforeAllLinks: AfterLink = { goldenId: '00000000-0000-0000-0000-000000000000', connectionId: '00000000-0000-0000-0000-000000000000' };
const linkShape = { golden_id: z.uuid(), connection_id: z.uuid(), external_id: z.string().nullable() };
const errorRowSchema = z.object({
  ...linkShape,
  refusal: z.object({ kind: failureKindSchema, message: z.string(), field: z.string().optional() }),
});
const conflictRowSchema = z.object({ ...linkShape, field: z.string(), ours: fieldValueSchema.nullable(), theirs: fieldValueSchema, since: z.string() });
const driftRowSchema = z.object({
  drift_id: z.string(), golden_id: z.uuid(), connection_id: z.uuid(), external_id: z.string(), field: z.string(),
  expected: fieldValueSchema, found: fieldValueSchema,
});

const fromLinks = `FROM record_link JOIN golden_record USING (golden_id)
  WHERE golden_record.sync_id = $1 AND (record_link.golden_id, record_link.connection_id) > ($2::uuid, $3::uuid)`;

export async function listErrors(manager: EntityManager, syncId: string, limit: number, after: AfterLink = beforeAllLinks): Promise<RecordError[]> {
  const rows = await manager.query<unknown[]>(
    `SELECT record_link.golden_id, record_link.connection_id, external_id, refusal ${fromLinks} AND refusal IS NOT NULL
     ORDER BY record_link.golden_id, record_link.connection_id LIMIT $4`, [syncId, after.goldenId, after.connectionId, limit]);
  return z.array(errorRowSchema).parse(rows).map(({ golden_id: goldenId, connection_id: connectionId, external_id: externalId, refusal }) => ({
    goldenId, connectionId, kind: refusal.kind, message: refusal.message,
    ...(externalId !== null && { externalId }), ...(refusal.field !== undefined && { field: refusal.field }),
  }));
}

/** Forgets refusals, so that what was refused is tried again. @returns the golden records concerned. */
export async function forgetErrors(manager: EntityManager, syncId: string, goldenIds: readonly string[] | undefined): Promise<string[]> {
  const [rows] = await manager.query<[Array<{ golden_id: string }>, number]>(
    `UPDATE record_link SET refusal = NULL FROM golden_record
     WHERE golden_record.golden_id = record_link.golden_id AND golden_record.sync_id = $1 AND refusal IS NOT NULL
       AND ($2::uuid[] IS NULL OR record_link.golden_id = ANY($2)) RETURNING record_link.golden_id`, [syncId, goldenIds ?? null]);
  return [...new Set(rows.map(({ golden_id: id }) => id))];
}

/** A page ends between records, never within one. */
export async function listConflicts(manager: EntityManager, syncId: string, limit: number, after: AfterLink = beforeAllLinks): Promise<FieldConflict[]> {
  const rows = await manager.query<unknown[]>(
    `WITH page AS (
       SELECT record_link.golden_id, record_link.connection_id, external_id, held, golden_record.fields ${fromLinks} AND held <> '{}'
       ORDER BY record_link.golden_id, record_link.connection_id LIMIT $4
     )
     SELECT golden_id, connection_id, external_id, one.key AS field, fields -> one.key AS ours, one.value -> 'theirs' AS theirs, one.value ->> 'since' AS since
     FROM page, jsonb_each(held) AS one ORDER BY golden_id, connection_id, field`, [syncId, after.goldenId, after.connectionId, limit]);
  return z.array(conflictRowSchema).parse(rows).map(({ golden_id: goldenId, connection_id: connectionId, external_id: externalId, ...conflict }) => ({
    goldenId, connectionId, ...conflict, ...(externalId !== null && { externalId }),
  }));
}

export async function listDifferences(manager: EntityManager, runId: string, limit: number, afterDriftId: string): Promise<FoundDifference[]> {
  const rows = await manager.query<unknown[]>(
    `SELECT drift_id::text, golden_id, connection_id, external_id, field, expected, found FROM sync_drift JOIN sync_scan USING (scan_id)
     WHERE run_id = $1 AND drift_id > $2 ORDER BY drift_id LIMIT $3`, [runId, afterDriftId, limit]);
  return z.array(driftRowSchema).parse(rows).map(({ drift_id: driftId, golden_id: goldenId, connection_id: connectionId, external_id: externalId, ...found }) => ({
    driftId, goldenId, connectionId, externalId, ...found,
  }));
}
