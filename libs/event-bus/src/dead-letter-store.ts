import type { EntityManager } from 'typeorm';
import type { FailureKind } from '@crossdock/contracts';
import { v7 as uuid } from 'uuid';

/** Why something could not be worked off; `FailureKind` where a handler or vendor said no. */
export type DeadLetterReason = FailureKind | 'unparseable' | 'unknown_type' | 'schema_mismatch';

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
