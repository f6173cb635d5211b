import { plannedEachTime } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/**
 * Lets tasks that go back to waiting absorb the younger task of their kind and record that came while they ran, because
 * only one that coalesces may wait.
 */
export async function absorbYounger(manager: EntityManager, ids: readonly string[]): Promise<void> {
  await manager.query(
    `${plannedEachTime} DELETE FROM task AS younger USING task AS mine
     WHERE mine.id = ANY($1) AND mine.coalesces AND younger.coalesces AND younger.id <> mine.id
       AND younger.tenant_id = mine.tenant_id AND younger.kind = mine.kind AND younger.record_key = mine.record_key
       AND younger.state IN ('ready', 'waiting', 'parked')`,
    [ids],
  );
}

const mostTries = 5;

/** Does it over where a task to absorb was enqueued between looking and writing. */
export async function retryOnConflict<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === mostTries || !isUniqueViolation(error)) throw error;
    }
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
