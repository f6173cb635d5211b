import { context as telemetryContext, propagation } from '@opentelemetry/api';
import type { EntityManager } from 'typeorm';
import { afterCommit, GatheredInserts, plannedEachTime, tenantContext, type Statement } from '@crossdock/tenancy';
import { v4 as uuid } from 'uuid';
import type { z } from 'zod';
import type { TaskKind } from './task-kind.ts';

export interface NewTask<Payload> {
  /** The record it works on; tasks of one record run one after the other, in the order they were enqueued. */
  readonly recordKey: string;
  /** Tasks of one tenant, kind and group may run as one batch, and are parked and resumed together: the connection's id. */
  readonly groupKey: string;
  readonly payload: Payload;
  /**
   * Joins a task of the same kind and record that waits already: right for "fetch the latest", where what is fetched had
   * changed before. The one that waits may begin before the caller's transaction commits.
   */
  readonly coalesce?: boolean;
  readonly notBefore?: Date;
}

/** A row of the task table that is to be. */
interface EnqueuedTask {
  readonly tenantId: string;
  readonly kind: string;
  readonly recordKey: string;
  readonly groupKey: string;
  readonly coalesces: boolean;
  readonly payload: string;
  readonly notBefore: Date | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly traceparent: string | null;
}

/** Where work is put. It begins once the caller's transaction has committed. */
export class TaskQueue {
  readonly #onCommitted: (kinds?: ReadonlySet<string>) => void;
  readonly #enqueued = new GatheredInserts<EnqueuedTask>((manager, tasks) => this.#insert(manager, tasks));

  /** @param onCommitted called after a transaction that enqueued or resumed has committed, with the kinds of tasks where these are known; it wakes the worker. */
  constructor(onCommitted: (kinds?: ReadonlySet<string>) => void) {
    this.#onCommitted = onCommitted;
  }

  /**
   * Puts a task into the caller's transaction, for the tenant of the tenant context; all of a transaction are written by one statement before it commits.
   * @throws ZodError where the payload does not fit the kind: a fault of ours.
   */
  async enqueue<Schema extends z.ZodType>(manager: EntityManager, kind: TaskKind<Schema>, task: NewTask<z.infer<Schema>>): Promise<void> {
    const { tenantId, correlationId, causationId } = tenantContext.require();
    const carrier: { traceparent?: string } = {};
    propagation.inject(telemetryContext.active(), carrier);
    await this.#enqueued.add(manager, tenantId, [{
      tenantId, kind: kind.kind, recordKey: task.recordKey, groupKey: task.groupKey, coalesces: task.coalesce ?? false,
      payload: JSON.stringify(kind.schema.parse(task.payload)), notBefore: task.notBefore ?? null, correlationId, causationId: causationId ?? null,
      traceparent: carrier.traceparent ?? null,
    }]);
  }

  /** Writes what the transaction has enqueued so far, for a statement of it that is to see the task table as it will be. */
  async writeEnqueued(manager: EntityManager): Promise<void> {
    await this.#enqueued.writeNow(manager);
  }

  /**
   * Puts the same task into the lines of many tenants, in a system transaction; it joins one that waits there already.
   * @throws ZodError where the payload does not fit the kind.
   */
  async enqueueForTenants<Schema extends z.ZodType>(
    manager: EntityManager, kind: TaskKind<Schema>, tenantIds: readonly string[], task: Pick<NewTask<z.infer<Schema>>, 'recordKey' | 'groupKey' | 'payload'>,
  ): Promise<void> {
    await this.writeEnqueued(manager);
    await manager.query(
      `INSERT INTO task (tenant_id, kind, record_key, group_key, coalesces, payload, correlation_id)
       SELECT tenant_id, $2, $3, $4, true, $5, $6 FROM unnest($1::uuid[]) AS tenant(tenant_id)
       ON CONFLICT (tenant_id, kind, record_key) WHERE coalesces AND state IN ('ready', 'waiting', 'parked') DO NOTHING`,
      [tenantIds, kind.kind, task.recordKey, task.groupKey, JSON.stringify(kind.schema.parse(task.payload)), uuid()],
    );
    afterCommit(manager, () => this.#onCommitted(new Set([kind.kind])));
  }

  /** Takes tasks of a record back that have not begun. */
  async withdraw(manager: EntityManager, { kind }: Pick<TaskKind, 'kind'>, recordKey: string): Promise<void> {
    await this.writeEnqueued(manager);
    await manager.query(
      `${plannedEachTime} DELETE FROM task WHERE tenant_id = $1 AND kind = $2 AND record_key = $3 AND state IN ('ready', 'waiting', 'parked')`,
      [tenantContext.require().tenantId, kind, recordKey]);
  }

  /** How many tasks of a group are ready or under way whose payload holds all of `like`; of the ready ones `most` are counted. */
  async countOpen(
    manager: EntityManager, { kind }: Pick<TaskKind, 'kind'>, group: { readonly groupKey: string; readonly like: object }, most: number,
  ): Promise<number> {
    await this.writeEnqueued(manager);
    const isMeant = 'tenant_id = $1 AND kind = $2 AND group_key = $3 AND payload @> $4::jsonb';
    const [row] = await manager.query<Array<{ open: number }>>(
      `${plannedEachTime} SELECT count(*)::int AS open FROM (
         (SELECT 1 FROM task WHERE state = 'ready' AND ${isMeant} LIMIT $5) UNION ALL (SELECT 1 FROM task WHERE state = 'running' AND ${isMeant})) AS counted`,
      [tenantContext.require().tenantId, kind, group.groupKey, JSON.stringify(group.like), most]);
    return row?.open ?? 0;
  }

  /** Ends the rest of tasks: those that wait run again at once. */
  async hasten(manager: EntityManager, { kind }: Pick<TaskKind, 'kind'>, ids: readonly string[]): Promise<void> {
    await this.writeEnqueued(manager);
    await manager.query(
      `${plannedEachTime} UPDATE task SET state = 'ready', not_before = now() WHERE tenant_id = $1 AND kind = $2 AND state = 'waiting' AND id = ANY($3)`,
      [tenantContext.require().tenantId, kind, ids]);
    afterCommit(manager, () => this.#onCommitted(new Set([kind])));
  }

  /**
   * Lets the parked tasks of a group go on, after its connection was mended, and those that run and are about to be parked
   * because they began before that. @returns how many were parked.
   */
  async resumeParked(manager: EntityManager, groupKey: string): Promise<number> {
    await this.writeEnqueued(manager);
    const { tenantId } = tenantContext.require();
    const [, resumed] = await manager.query<[unknown[], number]>(
      `${plannedEachTime} UPDATE task SET state = 'ready', not_before = now() WHERE tenant_id = $1 AND group_key = $2 AND state = 'parked'`,
      [tenantId, groupKey],
    );
    await manager.query(
      `${plannedEachTime} UPDATE task SET resumed_meanwhile = true WHERE tenant_id = $1 AND group_key = $2 AND state = 'running'`, [tenantId, groupKey]);
    afterCommit(manager, () => this.#onCommitted());
    return resumed;
  }

  #insert(manager: EntityManager, tasks: readonly EnqueuedTask[]): Statement {
    const column = <Value>(of: (task: EnqueuedTask) => Value): Value[] => tasks.map(of);
    const kinds = new Set(tasks.map(({ kind }) => kind));
    afterCommit(manager, () => this.#onCommitted(kinds));
    return {
      text: `INSERT INTO task (tenant_id, kind, record_key, group_key, coalesces, payload, state, not_before, correlation_id, causation_id, traceparent)
       SELECT tenant_id, kind, record_key, group_key, coalesces, payload::jsonb, CASE WHEN not_before > now() THEN 'waiting' ELSE 'ready' END,
              coalesce(not_before, now()), correlation_id, causation_id, traceparent
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::text[], $7::timestamptz[], $8::uuid[], $9::uuid[], $10::text[])
         WITH ORDINALITY AS new (tenant_id, kind, record_key, group_key, coalesces, payload, not_before, correlation_id, causation_id, traceparent, place)
       ORDER BY place
       ON CONFLICT (tenant_id, kind, record_key) WHERE coalesces AND state IN ('ready', 'waiting', 'parked') DO NOTHING`,
      values: [
        column(({ tenantId }) => tenantId), column(({ kind }) => kind), column(({ recordKey }) => recordKey), column(({ groupKey }) => groupKey),
        column(({ coalesces }) => coalesces), column(({ payload }) => payload), column(({ notBefore }) => notBefore), column(({ correlationId }) => correlationId),
        column(({ causationId }) => causationId), column(({ traceparent }) => traceparent),
      ],
    };
  }
}
