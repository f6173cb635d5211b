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
import { defaultPage, longestPage, type JobAct, type JobFilter, type JobSource, type ShownJob } from './job-source.ts';
import { toJob, type JobRow } from './job.ts';

export interface JobHandlerOptions<Input> {
  /** Written in the transaction that ends a job as failed, to tell whoever waits for it. */
  readonly onFailed?: (manager: EntityManager, job: { readonly id: string; readonly input: Input }, failure: Failure) => Promise<void>;
  /** Written in the transaction that ends a job as cancelled, to tell whoever waits for it. */
  readonly onCancelled?: (manager: EntityManager, job: { readonly id: string; readonly input: Input }) => Promise<void>;
  /** False where an ended job is not taken up again, because something else has taken its place by then. */
  readonly isResumable?: boolean;
  /** Where the gateway lists the records that it did not bring through. */
  readonly recordErrors?: (input: Input) => string;
}

/** What is known of a kind, whatever its input is. */
interface RegisteredJob {
  readonly maxAttempts: number;
  readonly isResumable: boolean;
  readonly onCancelled: (manager: EntityManager, id: string, input: unknown) => Promise<void>;
  readonly recordErrors: (input: unknown) => string | undefined;
}

/**
 * Long work of a tenant: a bulk run, a backfill, a reconciliation. A job is a task with progress and a checkpoint; after a
 * crash, a restart or a failure that may pass, it goes on from there. All but `register` runs in the caller's transaction,
 * for the tenant of the tenant context.
 */
export class Jobs implements JobSource {
  readonly #database: TenantDatabase;
  readonly #queue: TaskQueue;
  readonly #registry: TaskRegistry;
  readonly #kinds = new Map<string, RegisteredJob>();

  constructor(options: { readonly database: TenantDatabase; readonly queue: TaskQueue; readonly registry: TaskRegistry }) {
    this.#database = options.database;
    this.#queue = options.queue;
    this.#registry = options.registry;
  }

  /** Says how a kind of job is done. The handler looks at `checkpoint` first, and saves one whenever so much is done. */
  register<Input extends z.ZodType, Checkpoint extends z.ZodType>(
    kind: JobKind<Input, Checkpoint>, handler: (job: RunningJob<z.infer<Input>, z.infer<Checkpoint>>) => Promise<void>,
    { onFailed, onCancelled, isResumable = true, recordErrors }: JobHandlerOptions<z.infer<Input>> = {},
  ): void {
    this.#kinds.set(kind.kind, {
      maxAttempts: kind.maxAttempts, isResumable,
      onCancelled: async (manager, id, input) => onCancelled?.(manager, { id, input: kind.input.parse(input) }),
      recordErrors: (input) => recordErrors?.(kind.input.parse(input)),
    });
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

  /**
   * @param options.groupKey of the task, so that parked jobs of a connection resume with it.
   * @param options.id a UUID of version 7 under which whoever asked for the job knows it; a job that is there already is left as it is.
   * @returns the job's id.
   */
  async start<Input extends z.ZodType>(
    manager: EntityManager, kind: JobKind<Input>, options: { readonly input: z.infer<Input>; readonly groupKey?: string; readonly total?: number; readonly id?: string },
  ): Promise<string> {
    const id = options.id ?? uuid();
    const { tenantId } = tenantContext.require();
    const groupKey = options.groupKey ?? kind.kind;
    const made = await manager.query<unknown[]>(
      'INSERT INTO job (id, tenant_id, kind, group_key, input, total) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1',
      [id, tenantId, kind.kind, groupKey, JSON.stringify(kind.input.parse(options.input)), options.total ?? null]);
    if (made.length > 0) await this.#enqueue(manager, kind, id, groupKey);
    return id;
  }

  async get(manager: EntityManager, id: string): Promise<ShownJob | undefined> {
    const [row] = await manager.query<JobRow[]>('SELECT * FROM job WHERE id = $1', [id]);
    return row && this.#shown(row);
  }

  async list(manager: EntityManager, { kind, state, before, limit = defaultPage }: JobFilter = {}): Promise<ShownJob[]> {
    const rows = await manager.query<JobRow[]>(
      `SELECT * FROM job
       WHERE tenant_id = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR state = $3) AND ($4::uuid IS NULL OR id < $4)
       ORDER BY id DESC LIMIT $5`,
      [tenantContext.require().tenantId, kind ?? null, state ?? null, before ?? null, Math.min(limit, longestPage)]);
    return rows.map((row) => this.#shown(row));
  }

  async cancel(manager: EntityManager, id: string): Promise<'cancelled' | 'requested' | undefined> {
    await this.#queue.writeEnqueued(manager);
    const job = await requestCancel(manager, tenantContext.require().tenantId, id);
    if (!job?.isOver) return job && 'requested';
    await this.#kinds.get(job.kind)?.onCancelled(manager, id, job.input);
    return 'cancelled';
  }

  /** It goes on from its checkpoint, under the same id. */
  async resume(manager: EntityManager, id: string): Promise<string | undefined> {
    const resumable = [...this.#kinds].filter(([, { isResumable }]) => isResumable).map(([kind]) => kind);
    const job = await reopen(manager, tenantContext.require().tenantId, id, resumable);
    const kind = job && this.#kinds.get(job.kind);
    if (!kind) return undefined;
    await this.#enqueue(manager, { kind: job.kind, maxAttempts: kind.maxAttempts }, id, job.group_key);
    return id;
  }

  #shown(row: JobRow): ShownJob {
    const kind = this.#kinds.get(row.kind);
    const isOpen = row.state === 'queued' || row.state === 'running' || row.state === 'waiting';
    const acts: JobAct[] = isOpen ? (row.cancel_requested ? [] : ['cancel']) : row.state !== 'succeeded' && kind?.isResumable ? ['resume'] : [];
    return { ...toJob(row), acts, recordErrors: kind?.recordErrors(row.input) };
  }

  async #enqueue(manager: EntityManager, kind: Pick<JobKind, 'kind' | 'maxAttempts'>, jobId: string, groupKey: string): Promise<void> {
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
        await batch.settle(task, async (manager) => {
          await endRun(manager, row, end);
          if (end === 'cancelled') await this.#kinds.get(kind.kind)?.onCancelled(manager, row.id, row.input);
        });
      } catch (error) {
        await run.noteFailure(error).catch(() => undefined);
        throw error;
      }
    }
  }
}
