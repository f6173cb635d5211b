import { failureKindSchema, timestampSchema } from '@crossdock/contracts';
import { jobActs, jobStates, type ShownJob } from '@crossdock/task-queue';
import { z } from 'zod';

/** A job as callers see it; times are ISO 8601 in UTC with milliseconds. */
export const jobViewSchema = z.object({
  id: z.uuid(),
  kind: z.string().describe('`<service or vendor>.<verb>`.'),
  state: z.enum(jobStates),
  about: z.unknown().describe('Ids of what it is about.'),
  acts: z.array(z.enum(jobActs)).readonly().describe('What can be done with it at present.'),
  progress: z.number().exactOptional().describe('From 0 to 1; absent while nobody knows how much there is to do.'),
  total: z.int().exactOptional(),
  done: z.int(),
  failed: z.int(),
  step: z.string().exactOptional(),
  ratePerSecond: z.number().exactOptional(),
  secondsLeft: z.number().exactOptional(),
  isCancelRequested: z.boolean(),
  error: z.object({
    kind: failureKindSchema,
    message: z.string(),
  }).exactOptional(),
  recordErrors: z.string().exactOptional().describe('Where the records are listed that it did not bring through.'),
  createdAt: timestampSchema,
  startedAt: timestampSchema.exactOptional(),
  updatedAt: timestampSchema,
  endedAt: timestampSchema.exactOptional(),
});
export type JobView = z.infer<typeof jobViewSchema>;

export function viewJob({ id, kind, state, input: about, acts, total, done, failed, isCancelRequested, createdAt, startedAt, updatedAt, endedAt, ...rest }: ShownJob): JobView {
  const { step, ratePerSecond, secondsLeft, error, recordErrors } = rest;
  return {
    id, kind, state, about, acts, done, failed, isCancelRequested,
    createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(),
    ...(total !== undefined && { total }),
    ...(total !== undefined && total > 0 && { progress: Math.min(1, (done + failed) / total) }),
    ...(step !== undefined && { step }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(secondsLeft !== undefined && { secondsLeft }),
    ...(error && { error }),
    ...(recordErrors !== undefined && { recordErrors }),
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
  };
}
