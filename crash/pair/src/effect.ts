import type { EventOf, orderReceived } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

export const effectSchema = z.object({ eventId: z.uuid(), record: z.string(), sequence: z.int().positive() });
/** What an event of the pair brings about: one row, and one call to the vendor. */
export type Effect = z.infer<typeof effectSchema>;

const payloadSchema = effectSchema.pick({ sequence: true });

/** What is to come of an event. */
export function effectOf({ id, data }: EventOf<typeof orderReceived>): Effect {
  return { eventId: id, record: data.externalId, ...payloadSchema.parse(data.payload) };
}

/** Adds one row, whether or not there is one of the same event. */
export async function writeEffect(manager: EntityManager, table: 'event_effect' | 'task_effect', tenantId: string, { record, sequence, eventId }: Effect): Promise<void> {
  await manager.query(`INSERT INTO ${table} (tenant_id, record, sequence, event_id) VALUES ($1, $2, $3, $4)`, [tenantId, record, sequence, eventId]);
}
