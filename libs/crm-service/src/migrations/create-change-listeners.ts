import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** To which accounts' change streams the hub listens, which process does so, and up to where it has heard. */
export class CreateChangeListeners1763700000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `CREATE TABLE change_listener (
         tenant_id uuid NOT NULL,
         connection_id uuid NOT NULL,
         place text,
         holder uuid,
         lease_until timestamptz NOT NULL DEFAULT '-infinity',
         begins_at timestamptz NOT NULL DEFAULT now(),
         failures integer NOT NULL DEFAULT 0,
         problem text,
         PRIMARY KEY (tenant_id, connection_id)
       )`,
      'CREATE INDEX change_listener_free ON change_listener (begins_at)',
      ...infrastructureTablePolicy('change_listener'),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE change_listener');
  }
}
