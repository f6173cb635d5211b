import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Failure } from '@crossdock/contracts';
import { plannedEachTime, type TenantDatabase } from '@crossdock/tenancy';
import { absorbYounger, retryOnConflict } from './coalescing.ts';
import { LeaseLostError, type TaskRow } from './task-row.ts';

export const leaseSeconds = 10;
/** Tasks released by one statement; more of them follow in the next round. */
export const mostReleased = 1_000;

/** What `releaseWaiting` did and saw. */
const releasedSchema = z.object({ released: z.int(), hasReady: z.boolean() });
type Released = z.infer<typeof releasedSchema>;

/** The head of the line by its index: statistics of a queue are always out of date. */
export const readyStatements = `SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
  SELECT 1 FROM task WHERE state = 'ready' ORDER BY tenant_id, id LIMIT 1`;

/**
 * How a task goes on after it was taken: kept, ended, put back. Every statement asks for the lease, so that a worker that
 * lost it changes nothing, and every time is the database's, so that workers need not agree on theirs.
 * The line is empty and a hundred thousand long within minutes, so that no plan is kept.
 */
export class TaskStore {
  readonly #database: TenantDatabase;
  readonly #holder: string;

  constructor(database: TenantDatabase, holder: string) {
    this.#database = database;
    this.#holder = holder;
  }

  /** Whether any task is ready: far less to ask than to take some, which mostly finds none. */
  async hasReady(): Promise<boolean> {
    return (await this.#database.runInSystemScope(readyStatements)).length > 0;
  }

  /** Makes tasks ready whose pause is over. @returns how many, and whether any task is ready now. */
  async releaseWaiting(): Promise<Released> {
    const [row] = await this.#database.runInSystemScope(
      `SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
       WITH released AS (
         UPDATE task SET state = 'ready' WHERE id IN (
           SELECT id FROM task WHERE state = 'waiting' AND not_before <= now() ORDER BY not_before LIMIT ${mostReleased} FOR UPDATE SKIP LOCKED) RETURNING 1
       ), counted AS (SELECT count(*)::int AS released FROM released)
       SELECT released, released > 0 OR coalesce((SELECT true FROM task WHERE state = 'ready' ORDER BY tenant_id, id LIMIT 1), false) AS "hasReady" FROM counted`);
    return releasedSchema.parse(row);
  }

  /** Makes tasks ready whose worker died. @returns how many. */
  async releaseOrphaned(): Promise<number> {
    // Mostly there is none, which is known by one message instead of three.
    const orphaned = await this.#database.runInSystemScope(`SELECT 1 FROM task WHERE state = 'running' AND lease_until < now() LIMIT 1`);
    if (orphaned.length === 0) return 0;
    return retryOnConflict(() => this.#database.systemTransaction(async (manager) => {
      const expired = await manager.query<Array<{ id: string }>>(
        `SELECT id FROM task WHERE state = 'running' AND lease_until < now() LIMIT ${mostReleased} FOR UPDATE SKIP LOCKED`);
      if (expired.length > 0) await putBack(manager, expired.map(({ id }) => id), '');
      return expired.length;
    }));
  }

  /** Keeps the leases of tasks. @returns those that this worker still holds. */
  async renewLeases(ids: readonly string[]): Promise<Set<string>> {
    const [kept] = await this.#database.systemTransaction((manager) => manager.query<[Array<{ id: string }>, number]>(
      `${plannedEachTime} UPDATE task SET lease_until = now() + make_interval(secs => ${leaseSeconds}) 
       WHERE id = ANY($1) AND state = 'running' AND lease_holder = $2 RETURNING id`,
      [ids, this.#holder],
    ));
    return new Set(kept.map(({ id }) => id));
  }

  /** Ends tasks of one tenant with their effect. @throws LeaseLostError where the lease of one was lost; the effect has not happened then. */
  async complete(rows: readonly [TaskRow, ...TaskRow[]], effect: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.#database.transaction(rows[0].tenant_id, async (manager) => {
      const [, deleted] = await manager.query<[unknown[], number]>(
        `${plannedEachTime} DELETE FROM task WHERE id = ANY($1) AND state = 'running' AND lease_holder = $2`, [rows.map(({ id }) => id), this.#holder],
      );
      if (deleted < rows.length) throw new LeaseLostError(rows[0]);
      await effect(manager);
    });
  }

  /** Ends many tasks that have no effect by one statement. @returns the ids that ended; the leases of the others were lost. */
  async completeAll(rows: readonly TaskRow[]): Promise<Set<string>> {
    const [ended] = await this.#database.systemTransaction((manager) => manager.query<[Array<{ id: string }>, number]>(
      `${plannedEachTime} DELETE FROM task WHERE id = ANY($1) AND state = 'running' AND lease_holder = $2 RETURNING id`, [rows.map(({ id }) => id), this.#holder],
    ));
    return new Set(ended.map(({ id }) => id));
  }

  /** Ends this try; the task runs again after `delayMs`. A deferred try does not count as an attempt. */
  async postpone(row: TaskRow, failure: Failure, delayMs: number, countsAsAttempt: boolean): Promise<void> {
    await this.#end(row, failure, 'waiting', `, not_before = now() + make_interval(secs => ${delayMs / 1_000}), attempt = attempt - ${countsAsAttempt ? 0 : 1}`);
  }

  /** Ends the tries of tasks of one tenant; they run again after `restMs`. @throws LeaseLostError where the lease of one was lost; nothing has happened then. */
  async rest(rows: readonly TaskRow[], restMs: number, effect: (manager: EntityManager) => Promise<void>): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const ids = rows.map(({ id }) => id);
    await retryOnConflict(() => this.#database.transaction(first.tenant_id, async (manager) => {
      await absorbYounger(manager, ids);
      const [, changed] = await manager.query<[unknown[], number]>(
        `${plannedEachTime} UPDATE task SET state = 'waiting', lease_holder = NULL, lease_until = NULL, attempt = attempt - 1, not_before = now() + make_interval(secs => $3)
         WHERE id = ANY($1) AND state = 'running' AND lease_holder = $2`, [ids, this.#holder, restMs / 1_000]);
      if (changed < rows.length) throw new LeaseLostError(first);
      await effect(manager);
    }));
  }

  /** Lets a task rest until its group is resumed; one whose group was resumed while it ran is ready again at once. */
  async park(row: TaskRow, failure: Failure): Promise<void> {
    await this.#end(row, failure, 'parked', ', attempt = attempt - 1');
  }

  async bury(row: TaskRow, failure: Failure, effect: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.#end(row, failure, 'dead', '', effect);
  }

  /** Gives tasks back untried; those whose lease was lost are left alone. */
  async giveBack(rows: readonly TaskRow[]): Promise<void> {
    if (rows.length === 0) return;
    await retryOnConflict(() => this.#database.systemTransaction(async (manager) => {
      const held = await manager.query<Array<{ id: string }>>(
        `${plannedEachTime} SELECT id FROM task WHERE id = ANY($1) AND state = 'running' AND lease_holder = $2 FOR UPDATE`, [rows.map(({ id }) => id), this.#holder]);
      await putBack(manager, held.map(({ id }) => id), ', attempt = attempt - 1');
    }));
  }

  async #end(
    row: TaskRow, failure: Failure, state: 'waiting' | 'parked' | 'dead', more: string,
    effect: (manager: EntityManager) => Promise<void> = async () => {},
  ): Promise<void> {
    await retryOnConflict(() => this.#database.transaction(row.tenant_id, async (manager) => {
      if (row.coalesces && state !== 'dead') await absorbYounger(manager, [row.id]);
      const [, changed] = await manager.query<[unknown[], number]>(
        `${plannedEachTime} UPDATE task SET state = CASE WHEN $3 = 'parked' AND resumed_meanwhile THEN 'ready' ELSE $3 END, lease_holder = NULL, lease_until = NULL, last_error_kind = $4, last_error = $5${more}
         WHERE id = $1 AND state = 'running' AND lease_holder = $2`,
        [row.id, this.#holder, state, failure.kind, failure.message.slice(0, 2_000)],
      );
      if (changed === 0) throw new LeaseLostError(row);
      await effect(manager);
    }));
  }
}

async function putBack(manager: EntityManager, ids: readonly string[], more: string): Promise<void> {
  await absorbYounger(manager, ids);
  await manager.query(`${plannedEachTime} UPDATE task SET state = 'ready', lease_holder = NULL, lease_until = NULL${more} WHERE id = ANY($1)`, [ids]);
}
