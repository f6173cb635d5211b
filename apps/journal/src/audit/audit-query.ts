import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { auditEntrySchema } from './audit-entry.ts';

const time = z.iso.datetime({ offset: true });

/** Which entries are asked for; newest first. */
export const auditQuerySchema = z.strictObject({
  actor: z.string().min(1).max(300).optional(),
  /** The beginning of an action, such as `identity.` or `POST /v1/connections`. */
  action: z.string().min(1).max(200).optional(),
  /** An id among those that the act was done to. */
  record: z.string().min(1).max(255).optional(),
  since: time.optional(),
  until: time.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.coerce.number().int().positive().optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

/** An entry at its place in the tenant's chain. */
export const auditViewSchema = auditEntrySchema.extend({ sequence: z.int(), hash: z.string().describe('In hexadecimal digits; that of the entry before is part of it.') }).meta({ id: 'AuditEntry' });
export type AuditView = z.infer<typeof auditViewSchema>;

const rowSchema = z.object({ sequence: z.coerce.number().int(), hash: z.string(), entry: auditEntrySchema });

/** The tenant's entries, newest first, in the caller's tenant transaction. */
export async function listAudit(manager: EntityManager, { actor, action, record, since, until, limit, cursor }: AuditQuery): Promise<AuditView[]> {
  const rows: unknown = await manager.query(
    `SELECT sequence, encode(hash, 'hex') AS hash, entry FROM audit_entry
     WHERE ($1::text IS NULL OR actor = $1) AND ($2::text IS NULL OR starts_with(action, $2)) AND ($3::text IS NULL OR $3 = ANY (string_to_array(record_ids, ' ')))
       AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5) AND ($6::bigint IS NULL OR sequence < $6)
     ORDER BY sequence DESC LIMIT $7`,
    [actor ?? null, action ?? null, record ?? null, since ?? null, until ?? null, cursor ?? null, limit]);
  return z.array(rowSchema).parse(rows).map(({ sequence, hash, entry }) => ({ sequence, ...entry, hash }));
}
