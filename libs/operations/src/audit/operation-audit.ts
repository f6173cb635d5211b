import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { storedTimeSchema } from '@crossdock/contracts';
import type { Actor } from '../operator.ts';

/** Something an operator did, or had done. */
export interface AuditEntry {
  readonly actor: Actor;
  readonly action: 'dead_letter.replay' | 'dead_letter.discard' | 'replay.start' | 'replay.cancel' | 'replay.resume' | 'replay.end'
    | 'signing_key.exchange' | 'signing_key.withdraw';
  readonly recordKind: string;
  readonly recordId: string;
  readonly tenantId?: string | undefined;
  /** Why, in the operator's words. */
  readonly reason: string;
  readonly result: string;
  readonly detail?: string;
}

/** Writes down what was done, in the transaction that does it. Rows are never changed: the table refuses it. */
export async function audit(manager: EntityManager, entry: AuditEntry): Promise<void> {
  await manager.query(
    `INSERT INTO operation_audit (id, client, on_behalf_of, action, record_kind, record_id, tenant_id, reason, result, detail)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      uuid(), entry.actor.client, entry.actor.onBehalfOf ?? null, entry.action, entry.recordKind, entry.recordId,
      entry.tenantId ?? null, entry.reason, entry.result, entry.detail ?? null,
    ],
  );
}

export const auditQuerySchema = z.strictObject({
  recordId: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** The id of the last entry of the page before. */
  cursor: z.uuid().optional(),
});

/** What an operator did, as operators see it. */
export const auditViewSchema = z.object({
  id: z.uuid(),
  at: storedTimeSchema,
  client: z.string(),
  onBehalfOf: z.string().nullable(),
  action: z.string(),
  recordKind: z.string(),
  recordId: z.string(),
  tenantId: z.uuid().nullable(),
  reason: z.string(),
  result: z.string(),
  detail: z.string().nullable(),
}).meta({ id: 'OperatorAct' });
export type AuditView = z.infer<typeof auditViewSchema>;

/** What was done, newest first. */
export async function listAudit(manager: EntityManager, { recordId, limit, cursor }: z.infer<typeof auditQuerySchema>): Promise<AuditView[]> {
  const rows = await manager.query<unknown[]>(
    `SELECT id, at, client, on_behalf_of AS "onBehalfOf", action, record_kind AS "recordKind", record_id AS "recordId",
            tenant_id AS "tenantId", reason, result, detail
     FROM operation_audit WHERE ($1::text IS NULL OR record_id = $1) AND ($2::uuid IS NULL OR id < $2)
     ORDER BY id DESC LIMIT $3`,
    [recordId ?? null, cursor ?? null, limit],
  );
  return rows.map((row) => auditViewSchema.parse(row));
}
