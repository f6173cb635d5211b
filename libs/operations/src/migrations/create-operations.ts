import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators did, and the replays they asked for: the same tables in every service's schema. */
export class CreateOperations1763700000003 implements MigrationInterface {
  readonly name = 'CreateOperations1763700000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operation_audit (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        client text NOT NULL,
        on_behalf_of text,
        action text NOT NULL,
        record_kind text NOT NULL,
        record_id text NOT NULL,
        tenant_id uuid,
        reason text NOT NULL,
        result text NOT NULL,
        detail text
      )`);
    await runner.query('CREATE INDEX operation_audit_record ON operation_audit (record_id, id)');
    await runner.query(`
      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'What was done stays written down.'; END $$`);
    await runner.query(`
      CREATE TRIGGER operation_audit_stays BEFORE UPDATE OR DELETE ON operation_audit
        FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`);
    await runner.query(`
      CREATE TABLE event_replay (
        id uuid PRIMARY KEY,
        tenant_id uuid,
        type text NOT NULL,
        from_position jsonb NOT NULL,
        to_position jsonb NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
        checkpoint jsonb,
        attempt integer NOT NULL DEFAULT 0,
        lease_holder uuid,
        lease_until timestamptz,
        cancel_requested boolean NOT NULL DEFAULT false,
        client text NOT NULL,
        on_behalf_of text,
        reason text NOT NULL,
        error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz
      )`);
    await runner.query(`CREATE INDEX event_replay_open ON event_replay (created_at) WHERE state IN ('waiting', 'running')`);
    // As what is at rest is listed page by page: of all tenants, and of one.
    await runner.query(`CREATE INDEX task_at_rest ON task (created_at, (id::text) COLLATE "C") WHERE state IN ('dead', 'parked')`);
    await runner.query(`CREATE INDEX task_at_rest_of_tenant ON task (tenant_id, created_at, (id::text) COLLATE "C") WHERE state IN ('dead', 'parked')`);
    for (const table of ['operation_audit', 'event_replay']) {
      for (const statement of infrastructureTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX task_at_rest_of_tenant');
    await runner.query('DROP INDEX task_at_rest');
    await runner.query('DROP TABLE event_replay');
    await runner.query('DROP TABLE operation_audit');
    await runner.query('DROP FUNCTION refuse_audit_change');
  }
}
