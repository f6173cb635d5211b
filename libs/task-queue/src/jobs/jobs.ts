import type { Failure } from '@crossdock/contracts';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import type { z } from 'zod';
import type { TaskQueue } from '../task-queue.ts';
import type { TaskBatch, TaskRegistry } from '../task-registry.ts';
import { taskKindOf, type JobKind } from './job-kind.ts';
import { JobRun, type RunningJob } from './job-run.ts';
import { beginRun, endRun, failJob, jobRecord, reopen, requestCancel } from './job-store.ts';
import { toJob, type Job, type JobRow, type JobState } from './job.ts';

export interface JobFilter {
  readonly kind?: string;
  readonly state?: JobState;
  /** The id of the last job of the page before. */
  readonly after?: string;
  readonly limit?: number;
}

export interface JobHandlerOptions<Input> {
  /** Written in the transaction that ends a job as failed, to tell whoever waits for it. */
  readonly onFailed?: (manager: EntityManager, job: { readonly id: string; readonly input: Input }, failure: Failure) => Promise<void>;
}

const longestPage = 200;

/**
 * Long work of a tenant: a bulk run, a backfill, a reconciliation. A job is a task with progress and a checkpoint; after a
 * crash, a restart or a failure that may pass, it goes on from there. All but `register` runs in the caller's transaction,
 * for the tenant of the tenant context.
 */
export class Jobs {
  readonly #database: TenantDatabase;
  readonly #queue: TaskQueue;
  readonly #registry: TaskRegistry;
  readonly #maxAttempts = new Map<string, number>();

  constructor(options: { readonly database: TenantDatabase; readonly queue: TaskQueue; readonly registry: TaskRegistry }) {
    this.#database = options.database;
    this.#queue = options.queue;
    this.#registry = options.registry;
  }

  /** Says how a kind of job is done. The handler looks at `checkpoint` first, and saves one whenever so much is done. */
  register<Input extends z.ZodType, Checkpoint extends z.ZodType>(
    kind: JobKind<Input, Checkpoint>, handler: (job: RunningJob<z.infer<Input>, z.infer<Checkpoint>>) => Promise<void>,
    { onFailed }: JobHandlerOptions<z.infer<Input>> = {},
  ): void {
    this.#maxAttempts.set(kind.kind, kind.maxAttempts);
    const run = (job: RunningJob): Promise<void> => handler({
      ...job,
      input: kind.input.parse(job.input),
      checkpoint: job.checkpoint === undefined ? undefined : kind.checkpoint.parse(job.checkpoint),
      saveCheckpoint: (checkpoint, effect) => job.saveCheckpoint(kind.checkpoint.parse(checkpoint), effect),
    });
    this.#registry.register(taskKindOf(kind), (batch) => this.#run(kind, run, batch), {
      isLong: true,
      onDead: async (manager, { payload: { jobId: id } }, failure) => {
        const input = await failJob(manager, id, failure);
        if (input !== undefined) await onFailed?.(manager, { id, input: kind.input.parse(input) }, failure);
      },
    });
  }

  /** @param options.groupKey of the task, so that parked jobs of a connection resume with it. @returns the job's id. */
  async start<Input extends z.ZodType>(
    manager: EntityManager, kind: JobKind<Input>, options: { readonly input: z.infer<Input>; readonly groupKey?: string; readonly total?: number },
  ): Promise<string> {
    const id = uuid();
    const { tenantId } = tenantContext.require();
    await manager.query('INSERT INTO job (id, tenant_id, kind, input, total) VALUES ($1, $2, $3, $4, $5)', [
      id, tenantId, kind.kind, JSON.stringify(kind.input.parse(options.input)), options.total ?? null,
    ]);
    await this.#enqueue(manager, kind, id, options.groupKey);
    return id;
  }

  async get(manager: EntityManager, id: string): Promise<Job | undefined> {
    const [row] = await manager.query<JobRow[]>('SELECT * FROM job WHERE id = $1', [id]);
    return row && toJob(row);
  }

  /** Newest first. */
  async list(manager: EntityManager, { kind, state, after, limit = 50 }: JobFilter = {}): Promise<Job[]> {
    const rows = await manager.query<JobRow[]>(
      `SELECT * FROM job
       WHERE tenant_id = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR state = $3)
         AND ($4::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM job WHERE id = $4))
       ORDER BY created_at DESC, id DESC LIMIT $5`,
      [tenantContext.require().tenantId, kind ?? null, state ?? null, after ?? null, Math.min(limit, longestPage)]);
    return rows.map(toJob);
  }

  /** Asks a job to end: at once where it waits, within a second or two where it runs. @returns undefined where it has ended. */
  async cancel(manager: EntityManager, id: string): Promise<'cancelled' | 'requested' | undefined> {
    return requestCancel(manager, tenantContext.require().tenantId, id);
  }

  /** Lets a failed or cancelled job go on from its checkpoint. @returns false where there is none such. */
  async resume(manager: EntityManager, id: string): Promise<boolean> {
    const kind = await reopen(manager, tenantContext.require().tenantId, id);
    if (kind === undefined) return false;
    await this.#enqueue(manager, { kind, maxAttempts: this.#maxAttempts.get(kind) ?? 1 }, id);
    return true;
  }

  async #enqueue(manager: EntityManager, kind: Pick<JobKind, 'kind' | 'maxAttempts'>, jobId: string, groupKey = kind.kind): Promise<void> {
    await this.#queue.enqueue(manager, taskKindOf(kind), { recordKey: jobRecord(jobId), groupKey, payload: { jobId } });
  }

  async #run(kind: JobKind, handler: (job: RunningJob) => Promise<void>, batch: TaskBatch<{ jobId: string }>): Promise<void> {
    for (const task of batch.tasks) {
      const row = await this.#database.transaction(batch.tenantId, (manager) => beginRun(manager, task.payload.jobId));
      if (!row) {
        await batch.settle(task);
        continue;
      }
      const run = new JobRun(this.#database, row, batch, kind.stallMs);
      try {
        const end = await run.run(handler);
        await batch.settle(task, (manager) => endRun(manager, row, end));
      } catch (error) {
        await run.noteFailure(error).catch(() => undefined);
        throw error;
      }
    }
  }
}
