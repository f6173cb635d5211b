import { deadLetterReasons } from '@crossdock/event-bus';
import { z } from 'zod';

/** Which dead letters are meant. All conditions must hold; without any, all are meant. */
const deadLetterFilterSchema = z.strictObject({
  origin: z.enum(['event', 'task', 'webhook']).optional(),
  /** A parked task rests until its connection is mended; all else is dead. */
  state: z.enum(['dead', 'parked']).optional(),
  /** Event type, task kind or webhook vendor. */
  kind: z.string().min(1).max(255).optional(),
  reason: z.enum(deadLetterReasons).optional(),
  tenantId: z.uuid().optional(),
  /** Came before this time. */
  before: z.iso.datetime({ offset: true }).optional(),
  /** Came at this time or later. */
  since: z.iso.datetime({ offset: true }).optional(),
});
export type DeadLetterFilter = z.infer<typeof deadLetterFilterSchema>;

/** Time in microseconds and id of the last one of the page before. */
const cursorSchema = z.string().regex(/^\d{1,17}\.[0-9a-f-]{1,36}$/, 'is no cursor of this list');

export const deadLetterQuerySchema = z.strictObject({
  ...deadLetterFilterSchema.shape,
  /** Pages may be long, since a person scrolls through them. */
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: cursorSchema.optional(),
});

/** The same where the tenant is the caller's. */
export const ownDeadLetterQuerySchema = deadLetterQuerySchema.omit({ tenantId: true });

/** A dead letter of the event bus, or a task at rest: those have numbers, these UUIDs. */
export const deadLetterIdSchema = z.union([z.uuid(), z.string().regex(/^\d{1,18}$/)], { error: 'must be the id of a dead letter' });

export function isTaskId(id: string): boolean {
  return /^\d+$/.test(id);
}

const reasonSchema = z.string().trim().min(3).max(500);

/** An act upon one. */
export const actSchema = z.strictObject({ reason: reasonSchema });

const namedActSchema = z.strictObject({ reason: reasonSchema, ids: z.array(deadLetterIdSchema).min(1).max(100) });

const actOf = <Filter extends z.ZodType>(filter: Filter) => z.union([
  namedActSchema,
  z.strictObject({ reason: reasonSchema, filter, limit: z.int().min(1).max(100).default(25), cursor: cursorSchema.optional() }),
], { error: 'give a reason, and either ids or a filter' });

/** An act upon many: those named, or a page of those that a filter means, oldest first. */
export const bulkActSchema = actOf(deadLetterFilterSchema);

/** The same where the tenant is the caller's. */
export const ownBulkActSchema = actOf(deadLetterFilterSchema.omit({ tenantId: true }));
