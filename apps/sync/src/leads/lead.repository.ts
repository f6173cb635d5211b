import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { TakenLead } from './lead.ts';

const rowSchema = z.object({
  lead_id: z.uuid(), sync_id: z.uuid(), golden_id: z.uuid(), request_hash: z.string(), outcome: z.enum(['created', 'updated', 'unchanged']),
  changed: z.array(z.string()), received_at: z.date(),
});

/** Finds a lead that was taken, and keeps others of its id waiting until the transaction ends. */
export async function claimLead(manager: EntityManager, id: string): Promise<{ taken: TakenLead; requestHash: string } | undefined> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`lead/${id}`]);
  const [row] = z.array(rowSchema).parse(await manager.query(
    'SELECT lead_id, sync_id, golden_id, request_hash, outcome, changed, received_at FROM lead WHERE lead_id = $1', [id]));
  if (!row) return undefined;
  const { sync_id: syncId, golden_id: contactId, request_hash: requestHash, outcome, changed, received_at: receivedAt } = row;
  return { taken: { id, syncId, contactId, outcome, changed, receivedAt: receivedAt.toISOString() }, requestHash };
}

/** What the lead said is not kept here: it is in the golden record. */
export async function insertLead(manager: EntityManager, { id, syncId, contactId, outcome, changed, receivedAt }: TakenLead, requestHash: string): Promise<void> {
  await manager.query(
    `INSERT INTO lead (lead_id, tenant_id, sync_id, golden_id, request_hash, outcome, changed, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, tenantContext.require().tenantId, syncId, contactId, requestHash, outcome, changed, receivedAt]);
}
