import { findEventDefinition, timestampSchema } from '@crossdock/contracts';
import { replayCheckpointSchema, replayPositionSchema } from '@crossdock/event-bus';
import { z } from 'zod';

/** A replay that an operator asks for. */
export const newReplaySchema = z.strictObject({
  /** Give one where the request may be repeated: the same id gives the same replay. */
  id: z.uuid().optional(),
  type: z.string().refine((type) => findEventDefinition(type) !== undefined, 'is no event of the catalogue'),
  from: replayPositionSchema,
  to: replayPositionSchema.default('end'),
  tenantId: z.uuid().optional(),
  reason: z.string().trim().min(3).max(500),
});
export type NewReplay = z.infer<typeof newReplaySchema>;

const replayStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;

/** A replay as it is kept. */
export const replaySchema = z.object({
  id: z.uuid(),
  type: z.string(),
  from: replayPositionSchema,
  to: replayPositionSchema,
  tenantId: z.uuid().nullable(),
  state: z.enum(replayStates),
  checkpoint: replayCheckpointSchema.nullable(),
  attempt: z.int(),
  client: z.string(),
  onBehalfOf: z.string().nullable(),
  reason: z.string(),
  error: z.string().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
  endedAt: z.date().nullable(),
});
export type Replay = z.infer<typeof replaySchema>;

/** A replay as operators see it. */
export const replayViewSchema = replaySchema.omit({ checkpoint: true, createdAt: true, updatedAt: true, endedAt: true }).extend({
  progress: z.object({
    total: z.int(),
    left: z.int(),
    counts: z.record(z.string(), z.int()),
  }).nullable(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
  endedAt: timestampSchema.nullable(),
}).meta({ id: 'Replay' });
export type ReplayView = z.infer<typeof replayViewSchema>;

export function viewReplay({ checkpoint, createdAt, updatedAt, endedAt, ...rest }: Replay): ReplayView {
  return {
    ...rest,
    progress: checkpoint && {
      total: checkpoint.total,
      left: checkpoint.ranges.reduce((sum, { next, end }) => sum + Math.max(0, Number(BigInt(end) - BigInt(next))), 0),
      counts: checkpoint.counts,
    },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
