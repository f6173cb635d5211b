import type { z } from 'zod';

/** One kind of work: what its payload holds and how it is run. */
export interface TaskKind<Schema extends z.ZodType = z.ZodType> {
  /** `<service or vendor>.<verb>`, such as `crm.upsert`. */
  readonly kind: string;
  readonly schema: Schema;
  /** How many tasks of one tenant and group are handed to the handler at once. */
  readonly batchSize: number;
  /**
   * Work that comes in quick succession is gathered: for so long after a worker took a batch of a tenant and group, and until that batch has ended,
   * it takes no further one that is not full. So batches grow with the load, and what comes after a pause begins at once.
   */
  readonly gatherMs: number;
  /** The same after a batch of many tasks, where that is longer; after one of a few it is in between. */
  readonly mostGatherMs?: number;
  /** After this the handler's signal is aborted and its unsettled tasks are retried. */
  readonly timeoutMs: number;
  /** Tries before the task is dead, where its failure is of a kind that may pass. */
  readonly maxAttempts: number;
}

/** Declares a kind of work: one at a time, ungathered, 30 s, and some hours of tries unless said otherwise. */
export function defineTaskKind<Schema extends z.ZodType>(
  definition: Pick<TaskKind<Schema>, 'kind' | 'schema'> & Partial<TaskKind<Schema>>,
): TaskKind<Schema> {
  return { batchSize: 1, gatherMs: 0, timeoutMs: 30_000, maxAttempts: 20, ...definition };
}
