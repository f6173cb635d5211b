import type { EntityManager } from 'typeorm';
import type { Failure } from '@crossdock/contracts';
import type { JobRow, JobState } from './job.ts';

/** How far a job is; what is left out stays as it was. Numbers are totals, never differences. */
export interface JobProgress {
  readonly total?: number;
  readonly done?: number;
  readonly failed?: number;
  readonly step?: string;
}

/** Another run of the job has begun; what this one did must not be recorded. */
class JobRunLostError extends Error {
  constructor(id: string) {
    super(`Job ${id} is run elsewhere by now; this run ends.`);
    this.name = 'JobRunLostError';
  }
}

const open = `state IN ('queued', 'running', 'waiting')`;

/** Begins a run. @returns undefined where the job has ended or never was. */
export async function beginRun(manager: EntityManager, id: string): Promise<JobRow | undefined> {
  const [[row]] = await manager.query<[JobRow[], number]>(
    `UPDATE job SET state = 'running', run = run + 1, started_at = coalesce(started_at, now()), run_started_at = now(),
            handled_at_run_start = done + failed, updated_at = now(), ended_at = NULL, error = NULL, error_kind = NULL
     WHERE id = $1 AND state NOT IN ('succeeded', 'cancelled') RETURNING *`, [id]);
  return row;
}

/** @throws JobRunLostError where the run is not the job's present one. @returns whether the job is to be cancelled. */
export async function recordProgress(manager: EntityManager, { id, run }: JobRow, progress: JobProgress): Promise<boolean> {
  const [[row]] = await manager.query<[Array<{ cancel_requested: boolean }>, number]>(
    `UPDATE job SET total = coalesce($3, total), done = coalesce($4, done), failed = coalesce($5, failed), step = coalesce($6, step), updated_at = now()
     WHERE id = $1 AND run = $2 AND state = 'running' RETURNING cancel_requested`,
    [id, run, progress.total ?? null, progress.done ?? null, progress.failed ?? null, progress.step ?? null]);
  if (!row) throw new JobRunLostError(id);
  return row.cancel_requested;
}

/** Keeps where to go on from; the job's task gets all its tries back. @throws JobRunLostError */
export async function recordCheckpoint(manager: EntityManager, { id, run, tenant_id: tenantId }: JobRow, checkpoint: unknown): Promise<void> {
  const [, changed] = await manager.query<[unknown[], number]>(
    `UPDATE job SET checkpoint = $3, updated_at = now() WHERE id = $1 AND run = $2 AND state = 'running'`, [id, run, JSON.stringify(checkpoint)]);
  if (changed === 0) throw new JobRunLostError(id);
  await manager.query(
    `UPDATE task SET attempt = 1 WHERE tenant_id = $1 AND record_key = $2 AND state = 'running' AND attempt > 1`, [tenantId, jobRecord(id)]);
}

/** @throws JobRunLostError where the run is not the job's present one. */
export async function isCancelRequested(manager: EntityManager, { id, run }: JobRow): Promise<boolean> {
  const [row] = await manager.query<Array<{ cancel_requested: boolean }>>('SELECT cancel_requested FROM job WHERE id = $1 AND run = $2', [id, run]);
  if (!row) throw new JobRunLostError(id);
  return row.cancel_requested;
}

/** Ends the run, and the job with it unless it goes on by itself later (`waiting`). */
export async function endRun(
  manager: EntityManager, { id, run }: Pick<JobRow, 'id' | 'run'>, state: Exclude<JobState, 'queued' | 'running'>, failure?: Failure,
): Promise<void> {
  const [, changed] = await manager.query<[unknown[], number]>(
    `UPDATE job SET state = $3, error_kind = $4, error = $5, updated_at = now(), ended_at = CASE WHEN $3 = 'waiting' THEN NULL ELSE now() END
     WHERE id = $1 AND run = $2 AND ${open}`,
    [id, run, state, failure?.kind ?? null, failure?.message.slice(0, 2_000) ?? null]);
  if (changed === 0) throw new JobRunLostError(id);
}

/** For a job whose task is dead. @returns what the job was told, or undefined where it had ended. */
export async function failJob(manager: EntityManager, id: string, failure: Failure): Promise<unknown> {
  const [[row]] = await manager.query<[Array<{ input: unknown }>, number]>(
    `UPDATE job SET state = 'failed', error_kind = $2, error = $3, updated_at = now(), ended_at = now() WHERE id = $1 AND ${open} RETURNING input`,
    [id, failure.kind, failure.message.slice(0, 2_000)]);
  return row?.input;
}

/** A job that was asked to end. */
export interface CancelledJob extends Pick<JobRow, 'kind' | 'input'> {
  /** Nothing of it runs any more; else its run ends within a second or two. */
  readonly isOver: boolean;
}

/** Asks a job to end; one that does not run at the moment ends at once. @returns undefined where there is none to cancel. */
export async function requestCancel(manager: EntityManager, tenantId: string, id: string): Promise<CancelledJob | undefined> {
  const [[asked]] = await manager.query<[Array<Pick<JobRow, 'kind' | 'input'>>, number]>(
    `UPDATE job SET cancel_requested = true, updated_at = now() WHERE id = $1 AND ${open} RETURNING kind, input`, [id]);
  if (!asked) return undefined;
  await manager.query(`DELETE FROM task WHERE tenant_id = $1 AND record_key = $2 AND state <> 'running'`, [tenantId, jobRecord(id)]);
  const running = await manager.query<unknown[]>(`SELECT 1 FROM task WHERE tenant_id = $1 AND record_key = $2`, [tenantId, jobRecord(id)]);
  if (running.length > 0) return { ...asked, isOver: false };
  await manager.query(`UPDATE job SET state = 'cancelled', updated_at = now(), ended_at = now() WHERE id = $1`, [id]);
  return { ...asked, isOver: true };
}

/** Opens a failed or cancelled job of these kinds again, with its checkpoint. @returns undefined where there is none such. */
export async function reopen(
  manager: EntityManager, tenantId: string, id: string, kinds: readonly string[],
): Promise<Pick<JobRow, 'kind' | 'group_key'> | undefined> {
  const [[row]] = await manager.query<[Array<Pick<JobRow, 'kind' | 'group_key'>>, number]>(
    `UPDATE job SET state = 'queued', cancel_requested = false, error = NULL, error_kind = NULL, updated_at = now(), ended_at = NULL
     WHERE id = $1 AND state IN ('failed', 'cancelled') AND kind = ANY($2) RETURNING kind, group_key`, [id, kinds]);
  if (row) await manager.query(`DELETE FROM task WHERE tenant_id = $1 AND record_key = $2 AND state = 'dead'`, [tenantId, jobRecord(id)]);
  return row;
}

export function jobRecord(id: string): string {
  return `job/${id}`;
}
