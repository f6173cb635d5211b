import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tasks, jobs and schedules: the same tables in every service's schema. */
export class CreateTaskQueue1763700000002 implements MigrationInterface {
  readonly name = 'CreateTaskQueue1763700000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE task (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        tenant_id uuid NOT NULL,
        kind text NOT NULL,
        record_key text NOT NULL,
        group_key text NOT NULL,
        coalesces boolean NOT NULL,
        payload jsonb NOT NULL,
        state text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'waiting', 'parked', 'dead')),
        not_before timestamptz NOT NULL DEFAULT now(),
        attempt integer NOT NULL DEFAULT 0,
        lease_holder uuid,
        lease_until timestamptz,
        resumed_meanwhile boolean NOT NULL DEFAULT false,
        last_error_kind text,
        last_error text,
        correlation_id uuid NOT NULL,
        causation_id uuid,
        traceparent text,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX task_ready ON task (tenant_id, id) WHERE state = 'ready'`);
    await runner.query(`CREATE INDEX task_waiting ON task (not_before) WHERE state = 'waiting'`);
    await runner.query(`CREATE INDEX task_parked ON task (tenant_id, group_key) WHERE state = 'parked'`);
    await runner.query(`CREATE INDEX task_dead ON task (id) WHERE state = 'dead'`);
    await runner.query(`CREATE INDEX task_record ON task (tenant_id, record_key, id) WHERE state <> 'dead'`);
    await runner.query('CREATE INDEX task_cause ON task (tenant_id, correlation_id)');
    // The database itself refuses a second running task of a record, whatever a worker believes.
    await runner.query(`CREATE UNIQUE INDEX task_running ON task (tenant_id, record_key) WHERE state = 'running'`);
    await runner.query(
      `CREATE UNIQUE INDEX task_coalesced ON task (tenant_id, kind, record_key) WHERE coalesces AND state IN ('ready', 'waiting', 'parked')`);
    // What this service last heard of each tenant: the work of those that are not active rests.
    await runner.query(`
      CREATE TABLE tenant_standing (
        tenant_id uuid PRIMARY KEY,
        state text NOT NULL,
        version integer NOT NULL
      )`);
    await this.#createJobs(runner);
    await this.#createSchedules(runner);
    for (const table of ['task', 'job', 'tenant_standing']) {
      for (const statement of infrastructureTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['schedule_firing', 'schedule', 'job', 'tenant_standing', 'task']) await runner.query(`DROP TABLE ${table}`);
  }

  async #createJobs(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE job (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        kind text NOT NULL,
        group_key text NOT NULL,
        input jsonb NOT NULL,
        state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
        run integer NOT NULL DEFAULT 0,
        total bigint,
        done bigint NOT NULL DEFAULT 0,
        failed bigint NOT NULL DEFAULT 0,
        step text,
        checkpoint jsonb,
        handled_at_run_start bigint NOT NULL DEFAULT 0,
        run_started_at timestamptz,
        cancel_requested boolean NOT NULL DEFAULT false,
        error_kind text,
        error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        updated_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz
      )`);
    await runner.query('CREATE INDEX job_listed ON job (tenant_id, id DESC)');
    await runner.query(`CREATE INDEX job_open ON job (kind) WHERE state IN ('queued', 'running', 'waiting')`);
  }

  async #createSchedules(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE schedule (
        name text PRIMARY KEY,
        rhythm text NOT NULL,
        next_at timestamptz NOT NULL,
        last_slot timestamptz
      )`);
    // One row a slot that fired: the key keeps a clock that was set back from firing it again.
    await runner.query(`
      CREATE TABLE schedule_firing (
        name text NOT NULL REFERENCES schedule ON DELETE CASCADE,
        slot timestamptz NOT NULL,
        firing bigint GENERATED ALWAYS AS IDENTITY,
        fired_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (name, slot)
      )`);
    await runner.query('CREATE INDEX schedule_firing_order ON schedule_firing (name, firing)');
  }
}
