import { infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A partition is reached through its table and that one's policy; by its own name it shows no more than a tenant's rows. */
const partitionPolicy = tenantTablePolicy('partition_name').map((statement) => `EXECUTE format('${
  statement.replaceAll("'", "''").replace('partition_name', '%I')
}', name);`).join('\n      ');

/**
 * The records of calls to vendors, partitioned by the day of the call so that a day is forgotten at once, and the counts
 * of calls, which are kept for longer. They are written for many tenants together, in the system scope. The function
 * that keeps the partitions runs with its owner's rights, because a service's role may change no table.
 */
export class CreateCallLog1763700000011 implements MigrationInterface {
  readonly name = 'CreateCallLog1763700000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE vendor_call (
        call_day date NOT NULL,
        id uuid NOT NULL,
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        vendor text NOT NULL,
        operation text NOT NULL,
        method text NOT NULL,
        endpoint text NOT NULL,
        attempt smallint NOT NULL,
        started_at timestamptz NOT NULL,
        duration_ms integer NOT NULL,
        outcome text NOT NULL,
        status smallint,
        correlation_id text,
        PRIMARY KEY (call_day, id)
      ) PARTITION BY RANGE (call_day)`);
    await runner.query('CREATE INDEX vendor_call_connection ON vendor_call (connection_id, id)');
    await runner.query('CREATE INDEX vendor_call_tenant ON vendor_call (tenant_id, id)');
    await runner.query('CREATE INDEX vendor_call_correlation ON vendor_call (tenant_id, correlation_id)');
    await runner.query('CREATE TABLE vendor_call_other_days PARTITION OF vendor_call DEFAULT');
    await runner.query(`
      CREATE TABLE vendor_call_count (
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        vendor text NOT NULL,
        call_day date NOT NULL,
        calls bigint NOT NULL,
        failed_calls bigint NOT NULL,
        PRIMARY KEY (tenant_id, connection_id, call_day)
      )`);
    await runner.query(`
      CREATE TABLE vendor_call_cause (
        tenant_id uuid NOT NULL,
        correlation_id text NOT NULL,
        call_day date NOT NULL,
        call_id uuid NOT NULL,
        PRIMARY KEY (tenant_id, correlation_id, call_id)
      )`);
    await runner.query('CREATE INDEX vendor_call_cause_day ON vendor_call_cause (call_day)');
    await runner.query(`
      CREATE TABLE vendor_call_upkeep (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), done_at timestamptz NOT NULL DEFAULT '-infinity')`);
    await runner.query('INSERT INTO vendor_call_upkeep DEFAULT VALUES');
    for (const statement of [
      ...infrastructureTablePolicy('vendor_call'), ...tenantTablePolicy('vendor_call_other_days'), ...infrastructureTablePolicy('vendor_call_count'),
      ...infrastructureTablePolicy('vendor_call_cause'),
    ]) await runner.query(statement);
    const [{ schema }] = await runner.query('SELECT current_schema() AS schema') as [{ schema: string }];
    await runner.query(`
      CREATE FUNCTION keep_call_days(retention_days integer) RETURNS boolean
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${schema}", pg_temp SET lock_timeout = '2s' AS $$
      DECLARE
        today date := (now() AT TIME ZONE 'UTC')::date;
        day date;
        name text;
      BEGIN
        IF retention_days < 1 THEN RAISE EXCEPTION 'retention_days must be at least 1'; END IF;
        UPDATE vendor_call_upkeep SET done_at = now() WHERE done_at < now() - interval '50 minutes';
        IF NOT FOUND THEN RETURN false; END IF;
        FOR offset_days IN 0..2 LOOP
          day := today + offset_days;
          name := 'vendor_call_' || to_char(day, 'YYYYMMDD');
          CONTINUE WHEN to_regclass(format('%I', name)) IS NOT NULL OR EXISTS (SELECT 1 FROM vendor_call WHERE call_day = day);
          EXECUTE format('CREATE TABLE %I PARTITION OF vendor_call FOR VALUES FROM (%L) TO (%L)', name, day, day + 1);
      ${partitionPolicy}
        END LOOP;
        FOR name IN
          SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = 'vendor_call'::regclass AND c.relname ~ '^vendor_call_[0-9]{8}$'
            AND to_date(right(c.relname, 8), 'YYYYMMDD') < today - retention_days
        LOOP
          EXECUTE format('DROP TABLE %I', name);
        END LOOP;
        DELETE FROM vendor_call WHERE call_day < today - retention_days;
        DELETE FROM vendor_call_cause WHERE call_day < today - retention_days;
        DELETE FROM vendor_call_count WHERE call_day < today - 400;
        RETURN true;
      END $$`);
    await runner.query('SELECT keep_call_days(14)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION keep_call_days(integer)');
    for (const table of ['vendor_call_upkeep', 'vendor_call_cause', 'vendor_call_count', 'vendor_call']) await runner.query(`DROP TABLE ${table}`);
  }
}
