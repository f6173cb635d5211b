import { asFailure, Failure } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { TaskBatch } from '../task-registry.ts';
import type { JobRow } from './job.ts';
import { endRun, isCancelRequested, recordCheckpoint, recordProgress, type JobProgress } from './job-store.ts';

/** A job under way, as its handler sees it. */
export interface RunningJob<Input = unknown, Checkpoint = unknown> {
  readonly id: string;
  readonly tenantId: string;
  readonly input: Input;
  /** What the last run wrote down; undefined at the very beginning. */
  readonly checkpoint: Checkpoint | undefined;
  /** Aborted when the job is cancelled, stalls, or the service stops. */
  readonly signal: AbortSignal;
  /** Tells how far the work is. */
  progress(progress: JobProgress): Promise<void>;
  /** Keeps where to go on from after a crash; what `effect` writes commits with it or not at all. */
  saveCheckpoint(checkpoint: Checkpoint, effect?: (manager: EntityManager) => Promise<void>): Promise<void>;
}

class JobCancelled extends Error {}

const lookEveryMs = 1_000;

/** One run of a job: watches for cancellation and stalls, and lets only the present run write. */
export class JobRun {
  readonly #database: TenantDatabase;
  readonly #row: JobRow;
  readonly #stallMs: number;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  #movedAtMs = performance.now();

  constructor(database: TenantDatabase, row: JobRow, batch: Pick<TaskBatch, 'signal'>, stallMs: number) {
    this.#database = database;
    this.#row = row;
    this.#stallMs = stallMs;
    this.#signal = AbortSignal.any([batch.signal, this.#abort.signal]);
  }

  /** Runs the handler to its end. @returns how the job ended; throws what is to be tried again. */
  async run(handler: (job: RunningJob) => Promise<void>): Promise<'succeeded' | 'cancelled'> {
    if (this.#row.cancel_requested) return 'cancelled';
    const timer = setInterval(() => void this.#look(), Math.min(lookEveryMs, this.#stallMs / 2));
    try {
      await Promise.race([handler(this.#job()), rejectOn(this.#signal)]);
      return 'succeeded';
    } catch (error) {
      if (this.#abort.signal.reason instanceof JobCancelled) return 'cancelled';
      throw error;
    } finally {
      clearInterval(timer);
      // A handler that goes on all the same writes nothing more.
      this.#abort.abort(new Failure('unexpected', 'The run has ended.'));
    }
  }

  /** Notes why the run ended, while its task waits for the next try. */
  async noteFailure(error: unknown): Promise<void> {
    await this.#database.transaction(this.#row.tenant_id, (manager) => endRun(manager, this.#row, 'waiting', asFailure(error)));
  }

  #job(): RunningJob {
    const { id, tenant_id: tenantId, input, checkpoint } = this.#row;
    return {
      id, tenantId, input,
      checkpoint: checkpoint ?? undefined,
      signal: this.#signal,
      progress: async (progress) => {
        const isCancelled = await this.#write((manager) => recordProgress(manager, this.#row, progress));
        if (isCancelled) this.#cancel();
      },
      saveCheckpoint: (value, effect) => this.#write(async (manager) => {
        await recordCheckpoint(manager, this.#row, value);
        await effect?.(manager);
      }),
    };
  }

  async #write<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    this.#signal.throwIfAborted();
    const result = await this.#database.transaction(this.#row.tenant_id, work);
    this.#movedAtMs = performance.now();
    return result;
  }

  async #look(): Promise<void> {
    if (performance.now() - this.#movedAtMs > this.#stallMs) {
      this.#abort.abort(new Failure('outcome_unknown', `The job made no progress for ${this.#stallMs} ms.`));
      return;
    }
    try {
      if (await this.#database.transaction(this.#row.tenant_id, (manager) => isCancelRequested(manager, this.#row))) this.#cancel();
    } catch (error) {
      // While the database is away, nothing is known; another run, however, ends this one.
      if (error instanceof Error && error.name === 'JobRunLostError') this.#abort.abort(error);
    }
  }

  #cancel(): void {
    this.#abort.abort(new JobCancelled('The job was cancelled.'));
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(asFailure(signal.reason));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return promise;
}
