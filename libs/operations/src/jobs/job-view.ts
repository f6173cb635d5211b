import type { FailureKind } from '@crossdock/contracts';
import type { ShownJob } from '@crossdock/task-queue';

/** A job as callers see it; times are ISO 8601 in UTC with milliseconds. */
export interface JobView {
  readonly id: string;
  /** `<service or vendor>.<verb>`. */
  readonly kind: string;
  readonly state: ShownJob['state'];
  /** Ids of what it is about. */
  readonly about: unknown;
  /** What can be done with it at present. */
  readonly acts: ShownJob['acts'];
  /** From 0 to 1; absent while nobody knows how much there is to do. */
  readonly progress?: number;
  readonly total?: number;
  readonly done: number;
  readonly failed: number;
  readonly step?: string;
  readonly ratePerSecond?: number;
  readonly secondsLeft?: number;
  readonly isCancelRequested: boolean;
  readonly error?: { readonly kind: FailureKind; readonly message: string };
  readonly recordErrors?: string;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly updatedAt: string;
  readonly endedAt?: string;
}

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
