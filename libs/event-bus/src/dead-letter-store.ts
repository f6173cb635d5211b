import type { EntityManager } from 'typeorm';
import { failureKinds } from '@crossdock/contracts';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';

/** Why something could not be worked off; a kind of failure where a handler or vendor said no. */
export const deadLetterReasons = [...failureKinds, 'unparseable', 'unknown_type', 'schema_mismatch'] as const;
export type DeadLetterReason = (typeof deadLetterReasons)[number];

export interface DeadLetter {
  /** Absent where the tenant cannot be told from the message. */
  readonly tenantId?: string;
  readonly origin: 'event' | 'task' | 'webhook';
  /** Event type, task kind or webhook vendor. */
  readonly kind: string;
  readonly reason: DeadLetterReason;
  /** For people: what happened and what to do. */
  readonly error: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The bytes as they came, so that a replay sends the very same. */
  readonly body: Buffer;
  readonly message?: { readonly topic: string; readonly partition: number; readonly offset: string; readonly key: string };
}

/** Keeps a dead letter in the caller's transaction. The same Kafka message is kept once, however often it comes. */
export async function keepDeadLetter(manager: EntityManager, letter: DeadLetter): Promise<void> {
  await manager.query(
    `INSERT INTO dead_letter (id, tenant_id, origin, kind, reason, error, headers, body, topic, kafka_partition, kafka_offset, message_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (topic, kafka_partition, kafka_offset) DO NOTHING`,
    [
      uuid(), letter.tenantId ?? null, letter.origin, letter.kind, letter.reason, letter.error,
      JSON.stringify(letter.headers ?? {}), letter.body,
      letter.message?.topic ?? null, letter.message?.partition ?? null, letter.message?.offset ?? null, letter.message?.key ?? null,
    ],
  );
}

/** A dead letter as it is kept. */
export interface KeptDeadLetter extends Required<Pick<DeadLetter, 'headers'>>, Omit<DeadLetter, 'headers'> {
  readonly id: string;
  readonly createdAt: Date;
}

const rowSchema = z.object({
  id: z.uuid(),
  tenant_id: z.uuid().nullable(),
  origin: z.enum(['event', 'task', 'webhook']),
  kind: z.string(),
  reason: z.enum(deadLetterReasons),
  error: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.instanceof(Buffer),
  topic: z.string().nullable(),
  kafka_partition: z.number().nullable(),
  kafka_offset: z.string().nullable(),
  message_key: z.string().nullable(),
  created_at: z.date(),
});

/** One dead letter, locked until the transaction ends where it is to be acted upon; undefined where there is none. */
export async function findDeadLetter(manager: EntityManager, id: string, lock: 'locked' | 'unlocked' = 'unlocked'): Promise<KeptDeadLetter | undefined> {
  const [found] = await manager.query<unknown[]>(
    `SELECT id, tenant_id, origin, kind, reason, error, headers, body, topic, kafka_partition, kafka_offset, message_key, created_at
     FROM dead_letter WHERE id = $1 ${lock === 'locked' ? 'FOR UPDATE' : ''}`,
    [id],
  );
  if (found === undefined) return undefined;
  const row = rowSchema.parse(found);
  return {
    id: row.id, origin: row.origin, kind: row.kind, reason: row.reason, error: row.error, headers: row.headers, body: row.body, createdAt: row.created_at,
    ...(row.tenant_id !== null && { tenantId: row.tenant_id }),
    ...(row.topic !== null && {
      message: { topic: row.topic, partition: row.kafka_partition ?? 0, offset: row.kafka_offset ?? '0', key: row.message_key ?? '' },
    }),
  };
}

/** Takes a dead letter out, because it was worked off or given up. */
export async function removeDeadLetter(manager: EntityManager, id: string): Promise<void> {
  await manager.query('DELETE FROM dead_letter WHERE id = $1', [id]);
}

/** Says why a dead letter could not be worked off this time either. */
export async function renewDeadLetterReason(manager: EntityManager, id: string, reason: DeadLetterReason, error: string): Promise<void> {
  await manager.query('UPDATE dead_letter SET reason = $2, error = $3 WHERE id = $1', [id, reason, error]);
}
