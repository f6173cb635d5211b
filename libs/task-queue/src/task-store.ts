import type { EntityManager } from 'typeorm';
import type { Failure } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { RegisteredHandler } from './task-registry.ts';

export interface TaskRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly kind: string;
  readonly record_key: string;
  readonly group_key: string;
  readonly payload: unknown;
  readonly attempt: number;
  readonly correlation_id: string;
  readonly causation_id: string | null;
  readonly traceparent: string | null;
}

/** Takers take turns, so that two of them never judge the same record free at the same moment. */
const takeLock = 7_262_002;
export const leaseSeconds = 10;

/** A task may run when nothing older of its record is still to be done: that keeps a record's work in order. */
const isFirstOfItsRecord = `NOT EXISTS (
  SELECT 1 FROM task AS older
  WHERE older.tenant_id = candidate.tenant_id AND older.record_key = candidate.record_key
    AND older.state <> 'dead' AND older.id < candidate.id)`;

/** The task table's statements; every change of a task's state stands here. */
export class TaskStore {
  readonly #database: TenantDatabase;
  readonly #holder: string;

  constructor(database: TenantDatabase, holder: string) {
    this.#database = database;
    this.#holder = holder;
  }

  /** Makes tasks ready whose pause is over or whose worker died. */
  async release(): Promise<void> {
    await this.#database.systemTransaction(async (manager) => {
      await manager.query(`UPDATE task SET state = 'ready' WHERE state = 'waiting' AND not_before <= now()`);
      await manager.query(
        `UPDATE task SET state = 'ready', lease_holder = NULL WHERE state = 'running' AND lease_until < now()`);
    });
  }

  /**
   * Takes at most one batch for each of the next tenants that have ready work, beginning after `afterTenant`, so that
   * a tenant with many tasks waits its turn like one with few.
   */
  async take(handlers: readonly RegisteredHandler[], maxTenants: number, afterTenant: string): Promise<TaskRow[]> {
    return this.#database.systemTransaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))', [takeLock]);
      const [rows] = await manager.query<[TaskRow[], number]>(
        `WITH RECURSIVE served(tenant_id, turn) AS (
           SELECT (${nextTenant('$1::uuid')}), 1
           UNION ALL
           SELECT (${nextTenant('served.tenant_id')}), turn + 1 FROM served WHERE tenant_id IS NOT NULL AND turn < $2
         ), head AS (
           SELECT first.* FROM served, LATERAL (
             SELECT candidate.tenant_id, candidate.kind, candidate.group_key FROM task AS candidate
             WHERE candidate.state = 'ready' AND candidate.tenant_id = served.tenant_id AND candidate.kind = ANY($3)
               AND ${isFirstOfItsRecord}
             ORDER BY candidate.id LIMIT 1) AS first
         ), chosen AS (
           SELECT mate.id FROM head JOIN unnest($3::text[], $4::int[]) AS limits(kind, batch_size) USING (kind), LATERAL (
             SELECT candidate.id FROM task AS candidate
             WHERE candidate.state = 'ready' AND candidate.tenant_id = head.tenant_id
               AND candidate.kind = head.kind AND candidate.group_key = head.group_key AND ${isFirstOfItsRecord}
             ORDER BY candidate.id LIMIT limits.batch_size) AS mate
         )
         UPDATE task SET state = 'running', attempt = attempt + 1, lease_holder = $5,
                         lease_until = now() + make_interval(secs => ${leaseSeconds})
         WHERE id IN (SELECT id FROM chosen)
         RETURNING id, tenant_id, kind, record_key, group_key, payload, attempt, correlation_id, causation_id, traceparent`,
        [afterTenant, maxTenants, handlers.map(({ kind }) => kind.kind), handlers.map(({ kind }) => kind.batchSize), this.#holder],
      );
      return rows;
    });
  }

  /** Keeps the leases of everything this worker runs. */
  async renewLeases(): Promise<void> {
    await this.#database.systemTransaction((manager) => manager.query(
      `UPDATE task SET lease_until = now() + make_interval(secs => ${leaseSeconds}) WHERE state = 'running' AND lease_holder = $1`,
      [this.#holder],
    ));
  }

  /** Ends a task with its effect. @throws Error where the lease was lost. */
  async complete(row: TaskRow, effect: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.#database.transaction(row.tenant_id, async (manager) => {
      const [, deleted] = await manager.query<[unknown[], number]>(
        `DELETE FROM task WHERE id = $1 AND state = 'running' AND lease_holder = $2`, [row.id, this.#holder],
      );
      if (deleted === 0) throw new LeaseLostError(row);
      await effect(manager);
    });
  }

  /** Ends this try; the task runs again after `delayMs`. A deferred try does not count as an attempt. */
  async postpone(row: TaskRow, failure: Failure, delayMs: number, countsAsAttempt: boolean): Promise<void> {
    await this.#end(row, failure, 'waiting', `, not_before = now() + make_interval(secs => ${delayMs / 1_000}), attempt = attempt - ${countsAsAttempt ? 0 : 1}`);
  }

  async park(row: TaskRow, failure: Failure): Promise<void> {
    await this.#end(row, failure, 'parked', ', attempt = attempt - 1');
  }

  async bury(row: TaskRow, failure: Failure, effect: (manager: EntityManager) => Promise<void>): Promise<void> {
    await this.#end(row, failure, 'dead', '', effect);
  }

  /** Gives a task back untried, because the service stops. */
  async giveBack(row: TaskRow): Promise<void> {
    await this.#database.transaction(row.tenant_id, (manager) => manager.query(
      `UPDATE task SET state = 'ready', attempt = attempt - 1, lease_holder = NULL WHERE id = $1 AND state = 'running' AND lease_holder = $2`,
      [row.id, this.#holder],
    ));
  }

  async #end(
    row: TaskRow, failure: Failure, state: 'waiting' | 'parked' | 'dead', more: string,
    effect: (manager: EntityManager) => Promise<void> = async () => {},
  ): Promise<void> {
    await this.#database.transaction(row.tenant_id, async (manager) => {
      const [, changed] = await manager.query<[unknown[], number]>(
        `UPDATE task SET state = $3, lease_holder = NULL, lease_until = NULL, last_error_kind = $4, last_error = $5${more}
         WHERE id = $1 AND state = 'running' AND lease_holder = $2`,
        [row.id, this.#holder, state, failure.kind, failure.message.slice(0, 2_000)],
      );
      if (changed === 0) throw new LeaseLostError(row);
      await effect(manager);
    });
  }
}

function nextTenant(after: string): string {
  return `SELECT task.tenant_id FROM task WHERE task.state = 'ready' AND task.tenant_id > ${after} ORDER BY task.tenant_id LIMIT 1`;
}

/** Another worker has taken the task over; what this one did must not be recorded. */
export class LeaseLostError extends Error {
  constructor(row: TaskRow) {
    super(`The lease of task ${row.id} (${row.kind} of ${row.record_key}) was lost; another worker runs it again.`);
    this.name = 'LeaseLostError';
  }
}
