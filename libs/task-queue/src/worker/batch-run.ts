import { context as telemetryContext, ROOT_CONTEXT, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { EntityManager } from 'typeorm';
import { asFailure, Failure } from '@crossdock/contracts';
import { tenantContext, type TenantScope } from '@crossdock/tenancy';
import { dispositionOf } from '../disposition.ts';
import { retryDelayMs } from '../retry-delay.ts';
import type { CompletionGroup } from '../store/completion-group.ts';
import { LeaseLostError, type TaskRow } from '../store/task-row.ts';
import type { TaskStore } from '../store/task-store.ts';
import type { TaskMetrics } from '../task-metrics.ts';
import type { RegisteredHandler, Task, TaskBatch } from '../task-registry.ts';
import { taskSteps } from './crash-points.ts';
import { startTaskSpan } from './task-span.ts';

/** What every batch of a worker needs. */
export interface BatchTools {
  readonly store: TaskStore;
  readonly completions: CompletionGroup;
  readonly logger: Logger;
  readonly metrics: TaskMetrics;
  readonly random: () => number;
  /** Aborted when the worker stops. */
  readonly stop: AbortSignal;
}

/** A task that has ended well, in the queue's own form, and its effect in the name of its cause. */
interface Settled {
  readonly row: TaskRow;
  readonly effect: (manager: EntityManager) => Promise<void>;
}

/** One batch in the hands of its handler: every task of it ends exactly once, by the handler or for it. */
export class BatchRun {
  readonly #tools: BatchTools;
  readonly #handler: RegisteredHandler;
  readonly #first: TaskRow;
  readonly #open: Map<string, TaskRow>;
  readonly #onAllClosed: () => void;
  readonly #abort = new AbortController();

  /** @param onAllClosed called when the handler has ended the last task; recording that may still be under way. */
  constructor(tools: BatchTools, handler: RegisteredHandler, rows: readonly [TaskRow, ...TaskRow[]], onAllClosed: () => void) {
    this.#tools = tools;
    this.#handler = handler;
    this.#first = rows[0];
    this.#open = new Map(rows.map((row) => [row.id, row]));
    this.#onAllClosed = onAllClosed;
  }

  /** The tasks that have not ended yet. */
  get openIds(): string[] {
    return [...this.#open.keys()];
  }

  /** Tells the handler to end, where the leases of all it still has to do went to another worker. */
  abortIfLost(held: ReadonlySet<string>): void {
    if (this.#open.size === 0 || this.openIds.some((id) => held.has(id))) return;
    this.#abort.abort(new LeaseLostError(this.#first));
  }

  /** Resolves when the end of every task is recorded. */
  async run(): Promise<void> {
    const rows = [...this.#open.values()];
    const together = [...new Set(rows.map((row) => row.correlation_id))];
    const span = startTaskSpan(this.#handler.kind.kind, rows);
    try {
      await tenantContext.run({ ...scopeOf(this.#first), ...(together.length > 1 && { together }) }, () =>
        telemetryContext.with(trace.setSpan(ROOT_CONTEXT, span), () => this.#run(span)));
    } finally {
      span.end();
    }
  }

  async #run(span: Span): Promise<void> {
    const { kind } = this.#handler.kind;
    const { stop, metrics, logger } = this.#tools;
    await this.#buryWhatEndsItsWorker();
    if (this.#open.size === 0) return;
    const timeout = setTimeout(
      () => this.#abort.abort(new Failure('outcome_unknown', 'The task took longer than its kind allows.')), this.#handler.kind.timeoutMs);
    const passOn = (): void => this.#abort.abort(stop.reason);
    if (stop.aborted) passOn();
    else stop.addEventListener('abort', passOn, { once: true });
    const beganMs = performance.now();
    metrics.tenantWork.count(this.#first.tenant_id, 'task', this.#open.size);
    try {
      await Promise.race([this.#handler.run(this.#batch()), whenAborted(this.#abort.signal)]);
      if (this.#open.size > 0) await this.#failAll(new Failure('unexpected', `The handler of ${kind} ended without settling the task.`));
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      if (error instanceof LeaseLostError) logger.warn({ err: error }, 'a task was taken over by another worker');
      await this.#failAll(error);
    } finally {
      clearTimeout(timeout);
      stop.removeEventListener('abort', passOn);
      metrics.runDuration.observe({ kind }, (performance.now() - beganMs) / 1_000, span);
    }
  }

  #batch(): TaskBatch {
    const { store, completions, metrics } = this.#tools;
    const { kind, tenant_id: tenantId, group_key: groupKey } = this.#first;
    return {
      tenantId,
      groupKey,
      tasks: [...this.#open.values()].map(toTask),
      signal: this.#abort.signal,
      settle: async (task, effect) => {
        taskSteps.called.publish({ kind, id: task.id });
        const row = this.#close(task);
        // Tasks that run together were set in motion by different causes: what follows from one names its own.
        await (effect ? store.complete([row], (manager) => tenantContext.run(scopeOf(row), () => effect(manager))) : completions.complete(row));
        metrics.attempts.inc({ kind, outcome: 'done' });
        taskSteps.recorded.publish({ kind, id: task.id });
      },
      settleAll: async (ends) => this.#settleAll(ends.map(({ task, effect }) => {
        taskSteps.called.publish({ kind, id: task.id });
        const row = this.#close(task);
        return { row, effect: (manager) => tenantContext.run(scopeOf(row), () => effect(manager)) };
      })),
      rest: async (tasks, restMs, effect) => {
        const rows = tasks.map(({ id }) => this.#held(id));
        await store.rest(rows, restMs, effect);
        for (const row of rows) this.#close(row);
        metrics.attempts.inc({ kind, outcome: 'rest' }, rows.length);
      },
      fail: async (task, error) => this.#fail(this.#close(task), error),
    };
  }

  async #settleAll(all: readonly Settled[]): Promise<void> {
    const [first, ...others] = all;
    if (!first) return;
    const { store, metrics } = this.#tools;
    const { kind } = this.#first;
    const settle = async (settled: readonly [Settled, ...Settled[]]): Promise<void> => {
      const [{ row }, ...more] = settled;
      await store.complete([row, ...more.map((each) => each.row)], async (manager) => {
        for (const { effect } of settled) await effect(manager);
      });
      metrics.attempts.inc({ kind, outcome: 'done' }, settled.length);
      for (const { row: { id } } of settled) taskSteps.recorded.publish({ kind, id });
    };
    try {
      await settle([first, ...others]);
    } catch {
      for (const each of all) await settle([each]).catch((error: unknown) => this.#failApart(each.row, error));
    }
  }

  #held(id: string): TaskRow {
    const row = this.#open.get(id);
    if (!row) throw new Error(`Task ${id} of kind ${this.#first.kind} was settled twice.`);
    return row;
  }

  #close(task: Pick<Task, 'id'>): TaskRow {
    const row = this.#held(task.id);
    this.#open.delete(task.id);
    if (this.#open.size === 0) this.#onAllClosed();
    return row;
  }

  /** A try that was begun and never ended counts: a task that kills its process each time is put aside in the end. */
  async #buryWhatEndsItsWorker(): Promise<void> {
    const { maxAttempts } = this.#handler.kind;
    for (const row of [...this.#open.values()].filter(({ attempt }) => attempt > maxAttempts)) {
      await this.#bury(this.#close(row), new Failure('unexpected', `None of ${maxAttempts} tries came to an end: the worker died or lost its lease each time.`));
    }
  }

  async #failAll(error: unknown): Promise<void> {
    for (const row of [...this.#open.values()]) {
      this.#close(row);
      await this.#failApart(row, error);
    }
  }

  /** Others must not wait for the end of their leases because this one's end could not be recorded. */
  async #failApart(row: TaskRow, error: unknown): Promise<void> {
    try {
      await this.#fail(row, error);
    } catch (fault) {
      this.#tools.logger.error({ err: fault, task: row.id }, 'a task’s end could not be recorded; its lease runs out and it runs again');
    }
  }

  async #fail(row: TaskRow, error: unknown): Promise<void> {
    const { store, random, metrics, logger, stop } = this.#tools;
    // Given back where it is still held: what another worker has taken is none of this one's business.
    if (stop.aborted || error instanceof LeaseLostError) return store.giveBack([row]);
    const failure = asFailure(error);
    const disposition = dispositionOf(failure.kind);
    const outcome = disposition === 'retry' && row.attempt >= this.#handler.kind.maxAttempts ? 'dead_letter' : disposition;
    metrics.attempts.inc({ kind: row.kind, outcome });
    trace.getActiveSpan()?.setAttribute('error.type', failure.kind).setStatus({ code: SpanStatusCode.ERROR });
    logger.warn({ kind: row.kind, task: row.id, recordKey: row.record_key, attempt: row.attempt, failure: failure.kind, outcome, err: failure }, 'a task failed');
    switch (outcome) {
      case 'retry':
        return store.postpone(row, failure, retryDelayMs(row.attempt, random(), failure.retryAfterMs), true);
      case 'defer':
        return store.postpone(row, failure, retryDelayMs(1, random(), failure.retryAfterMs ?? 10_000), false);
      case 'park':
        return store.park(row, failure);
      case 'dead_letter':
        return this.#bury(row, failure);
    }
  }

  #bury(row: TaskRow, failure: Failure): Promise<void> {
    this.#tools.metrics.deadLetters.inc({ origin: 'task', reason: failure.kind });
    return this.#tools.store.bury(row, failure, (manager) => tenantContext.run(scopeOf(row), () => this.#handler.onDead(manager, toTask(row), failure)));
  }
}

function scopeOf({ tenant_id: tenantId, correlation_id: correlationId, causation_id: causationId }: TaskRow): TenantScope {
  return { tenantId, correlationId, ...(causationId && { causationId }) };
}

function toTask(row: TaskRow): Task {
  return { id: row.id, recordKey: row.record_key, payload: row.payload, attempt: row.attempt };
}

/** Rejects once the signal is aborted: a handler that hangs must not hold its tasks for ever. */
function whenAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Failure('unexpected', String(signal.reason)));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return promise;
}
