import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which records are kept in step between which accounts, the golden records, and their counterparts in the accounts. */
export class CreateSync1795300000000 implements MigrationInterface {
  readonly name = 'CreateSync1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sync (
        sync_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        name text NOT NULL,
        object text NOT NULL,
        rules jsonb NOT NULL,
        poll_every_seconds integer NOT NULL,
        reconcile_every_hours integer NOT NULL,
        state text NOT NULL CHECK (state IN ('loading', 'active', 'paused')),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (tenant_id, name)
      )`);
    await runner.query(`
      CREATE TABLE sync_side (
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        object text NOT NULL,
        sync_id uuid NOT NULL REFERENCES sync ON DELETE CASCADE,
        PRIMARY KEY (tenant_id, connection_id, object)
      )`);
    await runner.query(`
      CREATE TABLE golden_record (
        tenant_id uuid NOT NULL,
        golden_id uuid NOT NULL,
        sync_id uuid NOT NULL REFERENCES sync ON DELETE CASCADE,
        object text NOT NULL,
        fields jsonb NOT NULL,
        origins jsonb NOT NULL,
        associations uuid[] NOT NULL,
        state text NOT NULL CHECK (state IN ('live', 'gone')),
        merged_into uuid,
        identity text,
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, golden_id)
      )`);
    await runner.query(`CREATE INDEX golden_record_identity ON golden_record (sync_id, identity) WHERE state = 'live' AND identity IS NOT NULL`);
    await runner.query(`CREATE INDEX golden_record_listed ON golden_record (tenant_id, object, golden_id) WHERE state = 'live'`);
    await runner.query('CREATE INDEX golden_record_associations ON golden_record USING gin (associations)');
    await runner.query(`
      CREATE TABLE record_link (
        tenant_id uuid NOT NULL,
        golden_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        object text NOT NULL,
        external_id text,
        state text NOT NULL CHECK (state IN ('linked', 'gone')),
        modified_at timestamptz(3),
        told_at timestamptz(3),
        gone_at timestamptz(3),
        written jsonb,
        seen jsonb NOT NULL,
        held jsonb NOT NULL,
        associations uuid[] NOT NULL,
        unknown_associations text[] NOT NULL,
        unkept text[] NOT NULL,
        pending jsonb,
        refusal jsonb,
        scan_id uuid,
        linked_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, golden_id, connection_id),
        FOREIGN KEY (tenant_id, golden_id) REFERENCES golden_record ON DELETE CASCADE,
        UNIQUE (tenant_id, connection_id, object, external_id)
      )`);
    await runner.query('CREATE INDEX record_link_scan ON record_link (scan_id) WHERE scan_id IS NOT NULL');
    await runner.query(`CREATE INDEX record_link_unknown ON record_link USING gin (unknown_associations) WHERE unknown_associations <> '{}'`);
    await runner.query(`CREATE INDEX record_link_trouble ON record_link (tenant_id, connection_id) WHERE refusal IS NOT NULL OR held <> '{}'`);
    await runner.query(`
      CREATE INDEX record_link_identity ON record_link (connection_id, lower(seen -> (CASE object WHEN 'contact' THEN 'email' ELSE 'domain' END) ->> 'theirs'))
      WHERE external_id IS NOT NULL AND (pending IS NOT NULL OR refusal IS NOT NULL)`);
    await runner.query(`
      CREATE TABLE gone_record (
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        object text NOT NULL,
        external_id text NOT NULL,
        noticed_at timestamptz(3) NOT NULL,
        PRIMARY KEY (tenant_id, connection_id, object, external_id)
      )`);
    await runner.query('CREATE INDEX gone_record_age ON gone_record (tenant_id, connection_id, noticed_at)');
    await runner.query(`
      CREATE TABLE sync_run (
        run_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        sync_id uuid NOT NULL REFERENCES sync ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('load', 'reconciliation')),
        state text NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled')),
        message text,
        started_at timestamptz(3) NOT NULL DEFAULT now(),
        ended_at timestamptz(3)
      )`);
    await runner.query('CREATE INDEX sync_run_listed ON sync_run (tenant_id, run_id DESC)');
    await runner.query(`CREATE UNIQUE INDEX sync_run_one ON sync_run (sync_id) WHERE state = 'running'`);
    await runner.query(`
      CREATE TABLE sync_scan (
        scan_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        run_id uuid NOT NULL REFERENCES sync_run ON DELETE CASCADE,
        connection_id uuid NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'read', 'compared', 'broken_off')),
        told integer,
        missing integer
      )`);
    await runner.query(`
      CREATE TABLE sync_drift (
        drift_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        tenant_id uuid NOT NULL,
        scan_id uuid NOT NULL REFERENCES sync_scan ON DELETE CASCADE,
        golden_id uuid NOT NULL,
        external_id text NOT NULL,
        field text NOT NULL,
        expected jsonb,
        found jsonb
      )`);
    await runner.query('CREATE INDEX sync_drift_scan ON sync_drift (scan_id)');
    for (const table of tables) for (const statement of tenantTablePolicy(table)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await runner.query(`DROP TABLE ${table}`);
  }
}

const tables = ['sync', 'sync_side', 'golden_record', 'record_link', 'gone_record', 'sync_run', 'sync_scan', 'sync_drift'];
