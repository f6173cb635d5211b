import type { CapabilityReport, FailureKind } from '@crossdock/contracts';
import type { ChangeSubscription } from '@crossdock/crm-connector';
import type { Job, JobState } from '@crossdock/task-queue';
import type { AccountSetUp } from './account-set-up.repository.ts';

/** A set-up as callers see it; times are ISO 8601 in UTC with milliseconds. */
export interface SetUpView {
  readonly connectionId: string;
  readonly job: {
    readonly id: string;
    readonly state: JobState;
    /** The step under way, or the last one. */
    readonly step?: string;
    readonly done: number;
    readonly total?: number;
    readonly error?: { readonly kind: FailureKind; readonly message: string };
    readonly updatedAt: string;
  };
  readonly capabilities?: CapabilityReport & { readonly probedAt?: string };
  /** What a person has to make in the account. */
  readonly missing?: string;
  readonly changeNotices?: ChangeSubscription;
}

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
