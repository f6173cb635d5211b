import type { EntityManager } from 'typeorm';
import type { Failure } from '@crossdock/contracts';
import type { z } from 'zod';
import type { TaskKind } from './task-kind.ts';

/** A task under way. */
export interface Task<Payload = unknown> {
  readonly id: string;
  readonly recordKey: string;
  readonly payload: Payload;
  /** 1 at the first try. */
  readonly attempt: number;
}

/** A task that has ended well, and what is to be written with its end. */
export interface TaskEnd<Payload> {
  readonly task: Task<Payload>;
  readonly effect: (manager: EntityManager) => Promise<void>;
}

/** Tasks of one tenant, kind and group that were taken together. */
export interface TaskBatch<Payload = unknown> {
  readonly tenantId: string;
  readonly groupKey: string;
  readonly tasks: ReadonlyArray<Task<Payload>>;
  /** Aborted when the kind's time is up or the service stops. */
  readonly signal: AbortSignal;
  /**
   * Ends a task well. What `effect` writes (results, outbox rows) commits together with the task's end or not at all.
   * @throws Error where the lease was lost meanwhile: another worker has the task, and `effect` has not happened.
   */
  settle(task: Task<Payload>, effect?: ((manager: EntityManager) => Promise<void>)  ): Promise<void>;
  /**
   * The same for several tasks in one commit. Where that fails, each is ended by itself, so that one that
   * cannot be ended takes no other along: its try has failed then.
   */
  settleAll(ends: ReadonlyArray<TaskEnd<Payload>>): Promise<void>;
  /**
   * Ends this try of several tasks, which does not count, and lets them rest for `restMs`, unless `TaskQueue.hasten` ends their rest. What
   * is younger of their records waits behind them. What `effect` writes commits together with that or not at all.
   * @throws Error where a lease was lost meanwhile: nothing has happened then.
   */
  rest(tasks: ReadonlyArray<Task<Payload>>, restMs: number, effect: (manager: EntityManager) => Promise<void>): Promise<void>;
  /** Ends this try of a task; the failure's kind decides between retry, deferral, parking and dead letter. */
  fail(task: Task<Payload>, error: unknown): Promise<void>;
}

/** Runs a batch. A throw fails every task of the batch that is neither settled nor failed yet. */
export type TaskHandler<Payload> = (batch: TaskBatch<Payload>) => Promise<void>;

export interface TaskHandlerOptions<Payload> {
  /** Runs for minutes or hours: it has places of its own and never stands in the way of short work. */
  readonly isLong?: boolean;
  /** Written in the transaction that puts a task into the dead letters, to tell whoever waits for it. */
  readonly onDead?: (manager: EntityManager, task: Task<Payload>, failure: Failure) => Promise<void>;
}

export interface RegisteredHandler {
  readonly kind: TaskKind;
  readonly isLong: boolean;
  readonly run: (batch: TaskBatch) => Promise<void>;
  readonly onDead: (manager: EntityManager, task: Task, failure: Failure) => Promise<void>;
}

/** Which kinds of work this service does, and by which handler. */
export class TaskRegistry {
  readonly #handlers = new Map<string, RegisteredHandler>();

  register<Schema extends z.ZodType>(
    kind: TaskKind<Schema>, handler: TaskHandler<z.infer<Schema>>, options: TaskHandlerOptions<z.infer<Schema>> = {},
  ): void {
    if (this.#handlers.has(kind.kind)) throw new Error(`The task kind ${kind.kind} has a handler already.`);
    const { isLong = false, onDead } = options;
    this.#handlers.set(kind.kind, {
      kind,
      isLong,
      run: (batch) => handler({ ...batch, tasks: batch.tasks.map((task) => ({ ...task, payload: kind.schema.parse(task.payload) })) }),
      onDead: async (manager, task, failure) => {
        const payload = kind.schema.safeParse(task.payload);
        if (payload.success) await onDead?.(manager, { ...task, payload: payload.data }, failure);
      },
    });
  }

  find(kind: string): RegisteredHandler | undefined {
    return this.#handlers.get(kind);
  }

  get handlers(): readonly RegisteredHandler[] {
    return [...this.#handlers.values()];
  }
}
