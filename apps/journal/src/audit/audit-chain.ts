import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { auditEntrySchema, hashOf, noHash, type AuditEntry } from './audit-entry.ts';

const headSchema = z.object({ sequence: z.coerce.number().int(), hash: z.instanceof(Buffer) });
const rowSchema = z.object({ sequence: z.coerce.number().int(), hash: z.instanceof(Buffer), entry: auditEntrySchema });

/** Appends to the tenant's chain, in the caller's tenant transaction; an entry that is there already is left out. One writer a tenant at a time. */
export async function appendEntries(manager: EntityManager, tenantId: string, entries: readonly AuditEntry[]): Promise<void> {
  await manager.query('INSERT INTO audit_head (tenant_id, sequence, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING', [tenantId, noHash]);
  const [head] = z.array(headSchema).parse(await manager.query('SELECT sequence, hash FROM audit_head WHERE tenant_id = $1 FOR UPDATE', [tenantId]));
  if (!head) throw new Error(`The audit of tenant ${tenantId} has no head.`);
  const known = new Set((await manager.query<Array<{ id: string }>>('SELECT entry_id AS id FROM audit_entry WHERE entry_id = ANY ($1)', [entries.map(({ id }) => id)])).map(({ id }) => id));
  const rows: Array<z.infer<typeof rowSchema>> = [];
  for (const entry of entries) {
    if (known.has(entry.id)) continue;
    known.add(entry.id);
    const { sequence: last, hash: previous } = rows.at(-1) ?? head;
    rows.push({ sequence: last + 1, hash: hashOf(previous, last + 1, entry), entry });
  }
  const last = rows.at(-1);
  if (!last) return;
  await manager.query(
    `INSERT INTO audit_entry (tenant_id, sequence, entry_id, at, actor, action, record_ids, entry, hash)
     SELECT $1, * FROM unnest($2::bigint[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::bytea[])
       AS told (sequence, entry_id, at, actor, action, record_ids, entry, hash)`,
    [
      tenantId, rows.map(({ sequence }) => sequence), rows.map(({ entry }) => entry.id), rows.map(({ entry }) => entry.at), rows.map(({ entry }) => entry.actor),
      rows.map(({ entry }) => entry.action), rows.map(({ entry }) => Object.values(entry.record).join(' ')), rows.map(({ entry }) => JSON.stringify(entry)), rows.map(({ hash }) => hash),
    ],
  );
  await manager.query('UPDATE audit_head SET sequence = $2, hash = $3 WHERE tenant_id = $1', [tenantId, last.sequence, last.hash]);
}

/** What a walk along a chain came to. */
export const chainVerdictSchema = z.object({
  outcome: z.enum(['whole', 'broken']),
  entries: z.int(),
  brokenAt: z.int().exactOptional().describe('The first place where an entry is missing or not what it was.'),
}).meta({ id: 'AuditVerdict' });
export type ChainVerdict = z.infer<typeof chainVerdictSchema>;

const pageRows = 1_000;

/** Walks along the tenant's chain from what was forgotten last to its head, a page at a time. */
export async function verifyChain(manager: EntityManager, tenantId: string): Promise<ChainVerdict> {
  const [head] = z.array(headSchema).parse(await manager.query('SELECT sequence, hash FROM audit_head WHERE tenant_id = $1', [tenantId]));
  const [forgotten] = z.array(headSchema).parse(await manager.query('SELECT sequence, hash FROM audit_forgotten WHERE tenant_id = $1', [tenantId]));
  let { sequence, hash } = forgotten ?? { sequence: 0, hash: noHash };
  const first = sequence;
  for (;;) {
    const page = z.array(rowSchema).parse(await manager.query(
      'SELECT sequence, hash, entry FROM audit_entry WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3', [tenantId, sequence, pageRows]));
    for (const row of page) {
      if (row.sequence !== sequence + 1 || !row.hash.equals(hashOf(hash, row.sequence, row.entry))) return { outcome: 'broken', entries: sequence - first, brokenAt: sequence + 1 };
      ({ sequence, hash } = row);
    }
    if (page.length < pageRows) break;
  }
  const isWhole = !head || (head.sequence === sequence && head.hash.equals(hash));
  return isWhole ? { outcome: 'whole', entries: sequence - first } : { outcome: 'broken', entries: sequence - first, brokenAt: sequence + 1 };
}
