import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { factTables } from './fact-tables.ts';
import { resultTables } from './result-tables.ts';
import { touchCountTables } from './touch-counts.ts';

const tables = { ...factTables, ...touchCountTables, ...resultTables };

/** What is known (samples, touches, deals, who is who) and what follows from it (journeys and sums over them). */
export class CreateAttribution1795240000000 implements MigrationInterface {
  readonly name = 'CreateAttribution1795240000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of Object.values(tables).flat()) await runner.query(statement);
    for (const table of Object.keys(tables)) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(tables).reverse()) await runner.query(`DROP TABLE ${table}`);
    await runner.query('DROP FUNCTION note_touch_change');
  }
}
