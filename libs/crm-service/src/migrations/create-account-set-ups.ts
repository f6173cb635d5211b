import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each connected account is prepared. */
export class CreateAccountSetUps1763700000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `CREATE TABLE account_set_up (
         tenant_id uuid NOT NULL,
         connection_id uuid NOT NULL,
         job_id uuid NOT NULL,
         missing text,
         subscription jsonb,
         PRIMARY KEY (tenant_id, connection_id)
       )`,
      ...tenantTablePolicy('account_set_up'),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_set_up');
  }
}
