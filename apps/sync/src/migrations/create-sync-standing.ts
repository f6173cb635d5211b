import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What waits in each sync, as numbers alone: the only rows of sync that are counted over all tenants. */
export class CreateSyncStanding1795300000200 implements MigrationInterface {
  readonly name = 'CreateSyncStanding1795300000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sync_standing (
        sync_id uuid PRIMARY KEY REFERENCES sync ON DELETE CASCADE,
        tenant_id uuid NOT NULL,
        object text NOT NULL,
        conflicts integer NOT NULL,
        refused integer NOT NULL,
        drifted integer NOT NULL,
        run_kind text,
        run_since timestamptz(3)
      )`);
    for (const statement of infrastructureTablePolicy('sync_standing')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sync_standing');
  }
}
