import { createDayPartitionUpkeep, infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The records of calls to vendors, partitioned by the day of the call so that a day is forgotten at once, and the counts
 * of calls, which are kept for longer. They are written for many tenants together, in the system scope.
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
    for (const statement of [
      ...infrastructureTablePolicy('vendor_call'), ...tenantTablePolicy('vendor_call_other_days'), ...infrastructureTablePolicy('vendor_call_count'),
      ...infrastructureTablePolicy('vendor_call_cause'),
    ]) await runner.query(statement);
    const [{ schema }] = await runner.query('SELECT current_schema() AS schema') as [{ schema: string }];
    const upkeep = createDayPartitionUpkeep({
      schema, functionName: 'keep_call_days', upkeepTable: 'vendor_call_upkeep', tables: [{ table: 'vendor_call', dayColumn: 'call_day' }], daysAhead: 2,
      alsoDelete: [
        'DELETE FROM vendor_call WHERE call_day < today - retention_days', 'DELETE FROM vendor_call_cause WHERE call_day < today - retention_days',
        'DELETE FROM vendor_call_count WHERE call_day < today - 400',
      ],
    });
    for (const statement of upkeep) await runner.query(statement);
    await runner.query('SELECT keep_call_days(14)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION keep_call_days(integer)');
    for (const table of ['vendor_call_upkeep', 'vendor_call_cause', 'vendor_call_count', 'vendor_call']) await runner.query(`DROP TABLE ${table}`);
  }
}
