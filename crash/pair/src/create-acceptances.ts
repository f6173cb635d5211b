import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the producer has accepted: each request once, numbered within its record. */
export class CreateAcceptances1763700000901 implements MigrationInterface {
  readonly name = 'CreateAcceptances1763700000901';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE record (
        tenant_id uuid NOT NULL,
        record text NOT NULL,
        last_sequence integer NOT NULL,
        PRIMARY KEY (tenant_id, record)
      )`);
    await runner.query(`
      CREATE TABLE accepted (
        request_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        record text NOT NULL,
        sequence integer NOT NULL,
        event_id uuid NOT NULL UNIQUE,
        UNIQUE (tenant_id, record, sequence)
      )`);
    for (const table of ['record', 'accepted']) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['accepted', 'record']) await runner.query(`DROP TABLE ${table}`);
  }
}
