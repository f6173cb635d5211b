import type { FailureKind } from '@crossdock/contracts';

/** `waiting`: a run failed or rests, and another one follows by itself. */
export const jobStates = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** A long piece of work and how far it is. */
export interface Job {
  /** A UUID of version 7: of two jobs the later one has the greater id. */
  readonly id: string;
  readonly tenantId: string;
  readonly kind: string;
  /** What it was told: ids of what it is about, shown to its tenant. */
  readonly input: unknown;
  readonly state: JobState;
  /** Items in all, once known. */
  readonly total: number | undefined;
  readonly done: number;
  readonly failed: number;
  readonly step: string | undefined;
  /** Items a second in the present run. */
  readonly ratePerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  readonly isCancelRequested: boolean;
  readonly error: { readonly kind: FailureKind; readonly message: string } | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly updatedAt: Date;
  readonly endedAt: Date | undefined;
}

export interface JobRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly kind: string;
  readonly group_key: string;
  readonly input: unknown;
  readonly state: JobState;
  readonly run: number;
  readonly total: string | null;
  readonly done: string;
  readonly failed: string;
  readonly step: string | null;
  readonly checkpoint: unknown;
  readonly handled_at_run_start: string;
  readonly run_started_at: Date | null;
  readonly cancel_requested: boolean;
  readonly error_kind: FailureKind | null;
  readonly error: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly updated_at: Date;
  readonly ended_at: Date | null;
}

export function toJob(row: JobRow): Job {
  const ratePerSecond = rateOf(row);
  const total = row.total === null ? undefined : Number(row.total);
  const left = total === undefined ? undefined : Math.max(0, total - Number(row.done) - Number(row.failed));
  return {
    id: row.id,
    tenantId: row.tenant_id,
    kind: row.kind,
    input: row.input,
    state: row.state,
    total,
    done: Number(row.done),
    failed: Number(row.failed),
    step: row.step ?? undefined,
    ratePerSecond,
    secondsLeft: left !== undefined && ratePerSecond ? left / ratePerSecond : undefined,
    isCancelRequested: row.cancel_requested,
    error: row.error_kind === null ? undefined : { kind: row.error_kind, message: row.error ?? '' },
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    updatedAt: row.updated_at,
    endedAt: row.ended_at ?? undefined,
  };
}

/** Of the present run alone: what an earlier run did, or the night in between, says nothing about the time left. */
function rateOf(row: JobRow): number | undefined {
  if (row.state !== 'running' || row.run_started_at === null) return undefined;
  const seconds = (row.updated_at.getTime() - row.run_started_at.getTime()) / 1_000;
  const handled = Number(row.done) + Number(row.failed) - Number(row.handled_at_run_start);
  return seconds > 0 && handled > 0 ? handled / seconds : undefined;
}
