import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the consumer did, one row an effect. Nothing here is unique by event: an effect that happens twice must show. */
export class CreateEffects1763700000902 implements MigrationInterface {
  readonly name = 'CreateEffects1763700000902';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['event_effect', 'task_effect']) {
      await runner.query(`
        CREATE TABLE ${table} (
          position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          tenant_id uuid NOT NULL,
          record text NOT NULL,
          sequence integer NOT NULL,
          event_id uuid NOT NULL
        )`);
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['task_effect', 'event_effect']) await runner.query(`DROP TABLE ${table}`);
  }
}
