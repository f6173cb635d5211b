import { capabilityReportSchema, failureKindSchema, timestampSchema } from '@crossdock/contracts';
import { changeSubscriptionSchema } from '@crossdock/crm-connector';
import { jobStates, type Job } from '@crossdock/task-queue';
import { z } from 'zod';
import type { AccountSetUp } from './account-set-up.repository.ts';

/** A set-up as callers see it; times are ISO 8601 in UTC with milliseconds. */
export const setUpViewSchema = z.object({
  connectionId: z.uuid(),
  job: z.object({
    id: z.uuid(),
    state: z.enum(jobStates),
    step: z.string().exactOptional().describe('The step under way, or the last one.'),
    done: z.int(),
    total: z.int().exactOptional(),
    error: z.object({
      kind: failureKindSchema,
      message: z.string(),
    }).exactOptional(),
    updatedAt: timestampSchema,
  }),
  capabilities: capabilityReportSchema.extend({
    probedAt: timestampSchema.exactOptional(),
  }).exactOptional(),
  missing: z.string().exactOptional().describe('What a person has to make in the account.'),
  changeNotices: changeSubscriptionSchema.exactOptional(),
}).meta({ id: 'SetUp' });
export type SetUpView = z.infer<typeof setUpViewSchema>;

export function viewSetUp({ connectionId, capabilities, probedAt, missing, subscription }: AccountSetUp, job: Job): SetUpView {
  return {
    connectionId,
    job: {
      id: job.id, state: job.state, done: job.done, updatedAt: job.updatedAt.toISOString(),
      ...(job.step !== undefined && { step: job.step }),
      ...(job.total !== undefined && { total: job.total }),
      ...(job.error && { error: job.error }),
    },
    ...(capabilities && { capabilities: { ...capabilities, ...(probedAt && { probedAt: probedAt.toISOString() }) } }),
    ...(missing !== null && { missing }),
    ...(subscription && { changeNotices: subscription }),
  };
}
