import { crmObjectSchema, Failure, failureKindSchema, fieldValueSchema } from '@crossdock/contracts';
import type { BulkOutcome, RecordWritten } from '@crossdock/crm-connector';
import { z } from 'zod';
import type { PlannedWrite } from '../records/planned-write.ts';

const fieldsSchema = z.record(z.string(), fieldValueSchema);
const refsSchema = z.array(z.object({ object: crmObjectSchema, id: z.string() }));
const likenessSchema = z.object({ field: z.string(), value: z.string(), anyKey: z.literal(true).exactOptional(), whereEmpty: z.string().exactOptional() });

/** A write as it is kept for a job. */
const planSchema = z.object({
  write: z.object({
    target: z.union([z.object({ id: z.string() }), z.object({ key: z.string(), adoptBy: z.array(likenessSchema).exactOptional() })]),
    fields: fieldsSchema,
    whenCreated: z.object({ fields: fieldsSchema.exactOptional(), associate: refsSchema.exactOptional() }).exactOptional(),
    associate: refsSchema.exactOptional(),
    dissociate: refsSchema.exactOptional(),
  }),
  kept: z.array(z.string()),
  keptAs: fieldsSchema,
}) satisfies z.ZodType<PlannedWrite>;

/** What became of a write, in the form of a column. */
const outcomeSchema = z.union([
  z.literal('not_taken'),
  z.object({ outcome: z.literal('written'), id: z.string(), created: z.boolean(), modifiedAt: z.string().exactOptional() }) satisfies z.ZodType<RecordWritten>,
  z.object({ refused: failureKindSchema, message: z.string(), field: z.string().exactOptional(), retryAfterMs: z.number().exactOptional() }),
]);

const rowSchema = z.object({ taskId: z.string(), plan: planSchema, outcome: outcomeSchema.nullable() });

/** A write of a job; it has no outcome while the job is under way. */
export interface JobRecord {
  readonly taskId: string;
  readonly plan: PlannedWrite;
  readonly outcome: BulkOutcome | undefined;
}

export function toJobRecord(row: unknown): JobRecord {
  const { taskId, plan, outcome } = rowSchema.parse(row);
  if (outcome === null) return { taskId, plan, outcome: undefined };
  if (outcome === 'not_taken' || 'outcome' in outcome) return { taskId, plan, outcome };
  const { refused, message, ...details } = outcome;
  return { taskId, plan, outcome: new Failure(refused, message, details) };
}

export function toColumn(outcome: BulkOutcome): z.infer<typeof outcomeSchema> {
  if (!(outcome instanceof Failure)) return outcome;
  const { kind: refused, message, field, retryAfterMs } = outcome;
  return { refused, message, ...(field !== undefined && { field }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
