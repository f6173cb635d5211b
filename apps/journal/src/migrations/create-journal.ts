import { appendedTablePolicy, createDayPartitionUpkeep, tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What happened and to which records, partitioned by the day of the event's own time, so that a day is forgotten at once. Of a repeat the
 * first stays: it bears the same id and time. Of events of one cause that were written down together, one stands for all with a record that they name.
 */
export class CreateJournal1795240000001 implements MigrationInterface {
  readonly name = 'CreateJournal1795240000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE journal_entry (
        entry_day date NOT NULL,
        event_id uuid NOT NULL,
        tenant_id uuid NOT NULL,
        at timestamptz(3) NOT NULL,
        type text NOT NULL,
        service text NOT NULL,
        subject text NOT NULL,
        correlation_id uuid NOT NULL,
        causation_id uuid,
        PRIMARY KEY (event_id, entry_day)
      ) PARTITION BY RANGE (entry_day)`);
    await runner.query('CREATE INDEX journal_entry_correlation ON journal_entry (tenant_id, correlation_id)');
    await runner.query('CREATE TABLE journal_entry_other_days PARTITION OF journal_entry DEFAULT');
    await runner.query(`
      CREATE TABLE journal_record (
        entry_day date NOT NULL,
        event_id uuid NOT NULL,
        tenant_id uuid NOT NULL,
        record_id text NOT NULL,
        record text NOT NULL,
        correlation_id uuid NOT NULL,
        at timestamptz(3) NOT NULL,
        PRIMARY KEY (entry_day, tenant_id, record_id, record, event_id)
      ) PARTITION BY RANGE (entry_day)`);
    await runner.query('CREATE TABLE journal_record_other_days PARTITION OF journal_record DEFAULT');
    for (const table of ['journal_entry', 'journal_record']) {
      for (const statement of [...appendedTablePolicy(table), ...tenantTablePolicy(`${table}_other_days`)]) await runner.query(statement);
    }
    const [{ schema }] = await runner.query('SELECT current_schema() AS schema') as [{ schema: string }];
    const upkeep = createDayPartitionUpkeep({
      schema, functionName: 'keep_journal_days', upkeepTable: 'journal_upkeep', daysAhead: 3,
      tables: [{ table: 'journal_entry', dayColumn: 'entry_day' }, { table: 'journal_record', dayColumn: 'entry_day' }],
      alsoDelete: ['DELETE FROM journal_entry WHERE entry_day < today - retention_days', 'DELETE FROM journal_record WHERE entry_day < today - retention_days'],
    });
    for (const statement of upkeep) await runner.query(statement);
    await runner.query('SELECT keep_journal_days(30)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION keep_journal_days(integer)');
    for (const table of ['journal_upkeep', 'journal_record', 'journal_entry']) await runner.query(`DROP TABLE ${table}`);
  }
}
