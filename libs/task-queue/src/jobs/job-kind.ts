import { z } from 'zod';
import { defineTaskKind, type TaskKind } from '../task-kind.ts';

/** One kind of long work: what it is told, and what it writes down to go on from. */
export interface JobKind<Input extends z.ZodType = z.ZodType, Checkpoint extends z.ZodType = z.ZodType> {
  /** `<service>.<verb>`, such as `crm.backfill`. */
  readonly kind: string;
  /** Ids of what it is about, and no personal data: a job is shown to its tenant with its input. */
  readonly input: Input;
  readonly checkpoint: Checkpoint;
  /** Without progress or checkpoint for so long the run is ended and tried again from its checkpoint. */
  readonly stallMs: number;
  /** Tries without a new checkpoint in between before the job has failed. */
  readonly maxAttempts: number;
}

/** Declares a kind of long work: five minutes without progress are a stall unless said otherwise. */
export function defineJobKind<Input extends z.ZodType, Checkpoint extends z.ZodType>(
  definition: Pick<JobKind<Input, Checkpoint>, 'kind' | 'input' | 'checkpoint'> & Partial<JobKind<Input, Checkpoint>>,
): JobKind<Input, Checkpoint> {
  return { stallMs: 5 * 60_000, maxAttempts: 20, ...definition };
}

const payloadSchema = z.object({ jobId: z.uuid() });
const longestRunMs = 24 * 3_600_000;

/** A job runs as a task; a run that lasts for a day is ended and goes on as another one. */
export function taskKindOf({ kind, maxAttempts }: Pick<JobKind, 'kind' | 'maxAttempts'>): TaskKind<typeof payloadSchema> {
  return defineTaskKind({ kind: `job.${kind}`, schema: payloadSchema, timeoutMs: longestRunMs, maxAttempts });
}
