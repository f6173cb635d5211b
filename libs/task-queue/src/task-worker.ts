import { context as telemetryContext, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { asFailure, Failure } from '@crossdock/contracts';
import { BackgroundLoop, type RoundResult } from '@crossdock/background-loop';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import { v4 as uuid } from 'uuid';
import { dispositionOf } from './disposition.ts';
import { retryDelayMs } from './retry-delay.ts';
import type { TaskMetrics } from './task-metrics.ts';
import type { RegisteredHandler, Task, TaskBatch, TaskRegistry } from './task-registry.ts';
import { LeaseLostError, leaseSeconds, TaskStore, type TaskRow } from './task-store.ts';

const concurrentBatches = 8;
const idlePollMs = 500;
const faultPauseMs = 1_000;
const lowestTenant = '00000000-0000-0000-0000-000000000000';

/** Takes ready tasks, fair over tenants, and runs them by their registered handlers. */
export class TaskWorker {
  readonly #store: TaskStore;
  readonly #registry: TaskRegistry;
  readonly #logger: Logger;
  readonly #metrics: TaskMetrics;
  readonly #random: () => number;
  readonly #loop: BackgroundLoop;
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #lastTenant = lowestTenant;
  #leaseTimer: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly database: TenantDatabase;
    readonly registry: TaskRegistry;
    readonly logger: Logger;
    readonly metrics: TaskMetrics;
    readonly random?: () => number;
  }) {
    this.#store = new TaskStore(options.database, uuid());
    this.#registry = options.registry;
    this.#logger = options.logger;
    this.#metrics = options.metrics;
    this.#random = options.random ?? Math.random;
    this.#loop = new BackgroundLoop({
      round: () => this.#round(),
      onFault: async (error) => this.#logger.error({ err: error }, 'tasks could not be taken; trying again'),
      idleMs: idlePollMs,
      faultPauseMs,
    });
  }

  start(): void {
    if (this.#registry.handlers.length === 0) return;
    this.#loop.start();
    this.#leaseTimer = setInterval(() => void this.#renewLeases(), (leaseSeconds / 3) * 1_000);
  }

  wake(): void {
    this.#loop.wake();
  }

  /** Takes nothing more, tells running handlers to end, and waits for them; what they left undone is given back. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#stop.abort(new Failure('transient', 'The service is stopping.'));
    await Promise.all(this.#running);
    clearInterval(this.#leaseTimer);
  }

  async #round(): Promise<RoundResult> {
    await this.#store.release();
    const free = concurrentBatches - this.#running.size;
    if (free <= 0) return 'idle';
    const rows = await this.#store.take(this.#registry.handlers, free, this.#lastTenant);
    const startedOver = this.#lastTenant === lowestTenant;
    this.#lastTenant = rows.reduce((highest, row) => (row.tenant_id > highest ? row.tenant_id : highest), lowestTenant);
    for (const batch of Map.groupBy(rows, batchKey).values()) this.#start(batch);
    return rows.length > 0 || !startedOver ? 'busy' : 'idle';
  }

  #start(rows: readonly TaskRow[]): void {
    const run = this.#runBatch(rows)
      .catch((error: unknown) => this.#logger.error({ err: error }, 'a task’s end could not be recorded; its lease runs out and it runs again'))
      .finally(() => {
        this.#running.delete(run);
        this.wake();
      });
    this.#running.add(run);
  }

  async #runBatch(rows: readonly TaskRow[]): Promise<void> {
    const [first] = rows;
    const handler = first && this.#registry.find(first.kind);
    if (!handler) return;
    const scope = {
      tenantId: first.tenant_id, correlationId: first.correlation_id,
      ...(first.causation_id && { causationId: first.causation_id }),
    };
    const parent = propagation.extract(telemetryContext.active(), { traceparent: first.traceparent ?? undefined });
    await tenantContext.run(scope, () => telemetryContext.with(parent, () => this.#runInScope(handler, rows, first)));
  }

  async #runInScope(handler: RegisteredHandler, rows: readonly TaskRow[], first: TaskRow): Promise<void> {
    const open = new Map(rows.map((row) => [row.id, row]));
    const close = (task: Task): TaskRow => {
      const row = open.get(task.id);
      if (!row) throw new Error(`Task ${task.id} of kind ${first.kind} was settled twice.`);
      open.delete(task.id);
      return row;
    };
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(handler.kind.timeoutMs)]);
    const batch: TaskBatch = {
      tenantId: first.tenant_id,
      groupKey: first.group_key,
      tasks: rows.map(toTask),
      signal,
      settle: async (task, effect = async () => {}) => {
        await this.#store.complete(close(task), effect);
        this.#metrics.attempts.inc({ kind: first.kind, outcome: 'done' });
      },
      fail: async (task, error) => this.#fail(handler, close(task), error),
    };
    const stopTimer = this.#metrics.runDuration.startTimer({ kind: first.kind });
    const span = trace.getTracer('crossdock.task-queue').startSpan(`run ${first.kind}`, { attributes: { 'crossdock.task.count': rows.length } });
    try {
      await telemetryContext.with(trace.setSpan(telemetryContext.active(), span), () => Promise.race([handler.run(batch), whenAborted(signal)]));
      await this.#failAll(handler, open, new Failure('unexpected', `The handler of ${first.kind} ended without settling the task.`));
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      if (error instanceof LeaseLostError) this.#logger.warn({ err: error }, 'a task was taken over by another worker');
      await this.#failAll(handler, open, error);
    } finally {
      span.end();
      stopTimer();
    }
  }

  async #failAll(handler: RegisteredHandler, open: Map<string, TaskRow>, error: unknown): Promise<void> {
    for (const row of [...open.values()]) {
      open.delete(row.id);
      await this.#fail(handler, row, error);
    }
  }

  async #fail(handler: RegisteredHandler, row: TaskRow, error: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return this.#store.giveBack(row);
    const failure = asFailure(error);
    const disposition = dispositionOf(failure.kind);
    const outcome = disposition === 'retry' && row.attempt >= handler.kind.maxAttempts ? 'dead_letter' : disposition;
    this.#metrics.attempts.inc({ kind: row.kind, outcome });
    this.#logger.warn({ kind: row.kind, task: row.id, recordKey: row.record_key, attempt: row.attempt, failure: failure.kind, outcome, err: failure }, 'a task failed');
    switch (outcome) {
      case 'retry':
        return this.#store.postpone(row, failure, retryDelayMs(row.attempt, this.#random(), failure.retryAfterMs), true);
      case 'defer':
        return this.#store.postpone(row, failure, retryDelayMs(1, this.#random(), failure.retryAfterMs ?? 10_000), false);
      case 'park':
        return this.#store.park(row, failure);
      case 'dead_letter':
        this.#metrics.deadLetters.inc({ reason: failure.kind });
        return this.#store.bury(row, failure, (manager) => handler.onDead(manager, toTask(row), failure));
    }
  }

  async #renewLeases(): Promise<void> {
    if (this.#running.size === 0) return;
    await this.#store.renewLeases().catch((error: unknown) => this.#logger.warn({ err: error }, 'task leases could not be renewed'));
  }
}

function batchKey(row: TaskRow): string {
  return JSON.stringify([row.tenant_id, row.kind, row.group_key]);
}

function toTask(row: TaskRow): Task {
  return { id: row.id, recordKey: row.record_key, payload: row.payload, attempt: row.attempt };
}

/** Rejects once the signal is aborted: a handler that hangs must not hold its tasks for ever. */
function whenAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason instanceof Failure ? signal.reason : new Failure('outcome_unknown', 'The task took longer than its kind allows.'));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return promise;
}
