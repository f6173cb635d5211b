import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The task table: the same in every service's schema. */
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
        last_error_kind text,
        last_error text,
        correlation_id uuid NOT NULL,
        causation_id uuid,
        traceparent text,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX task_ready ON task (tenant_id, id) WHERE state = 'ready'`);
    await runner.query(`CREATE INDEX task_waiting ON task (not_before) WHERE state = 'waiting'`);
    await runner.query(`CREATE INDEX task_running ON task (lease_until) WHERE state = 'running'`);
    await runner.query(`CREATE INDEX task_parked ON task (tenant_id, group_key) WHERE state = 'parked'`);
    await runner.query(`CREATE INDEX task_record ON task (tenant_id, record_key, id) WHERE state <> 'dead'`);
    await runner.query(`CREATE UNIQUE INDEX task_coalesced ON task (tenant_id, kind, record_key) WHERE coalesces AND state IN ('ready', 'waiting')`);
    for (const statement of infrastructureTablePolicy('task')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE task');
  }
}
