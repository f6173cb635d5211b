import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { storedTimeSchema, timestampSchema } from '@crossdock/contracts';

const text = z.string().nullable().transform((value) => value ?? undefined).pipe(z.string().optional());
/** Work that is not done yet, with what the last attempt came to; times are ISO 8601 in UTC with milliseconds. */
export const openTaskSchema = z.object({
  id: z.string(),
  kind: z.string(),
  recordKey: z.string(),
  state: z.enum(['ready', 'running', 'waiting', 'parked', 'dead']),
  attempts: z.int(),
  createdAt: timestampSchema,
  notBefore: timestampSchema.describe('Not before this it is tried again.'),
  correlationId: z.uuid(),
  errorKind: z.string().optional(),
  error: z.string().optional(),
});
export type OpenTask = z.infer<typeof openTaskSchema>;
const rowSchema = openTaskSchema.extend({ createdAt: storedTimeSchema, notBefore: storedTimeSchema, errorKind: text, error: text });

const mostTasks = 200;

/** The tenant's open tasks that these causes led to, oldest first, in the caller's tenant transaction. */
export async function listOpenWork(manager: EntityManager, correlationIds: readonly string[]): Promise<OpenTask[]> {
  const rows: unknown = await manager.query(
    `SELECT id::text, kind, record_key AS "recordKey", state, attempt AS attempts, created_at AS "createdAt", not_before AS "notBefore",
            correlation_id AS "correlationId", last_error_kind AS "errorKind", last_error AS error
     FROM task WHERE correlation_id = ANY ($1) ORDER BY task.id LIMIT $2`, [correlationIds, mostTasks]);
  return z.array(rowSchema).parse(rows);
}
