import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which lines each deal was last given as line items of the CRM. */
export class CreateDealLines1763700000027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `CREATE TABLE deal_lines (
         tenant_id uuid NOT NULL,
         connection_id uuid NOT NULL,
         deal_id text NOT NULL,
         digest uuid NOT NULL,
         PRIMARY KEY (tenant_id, connection_id, deal_id)
       )`,
      ...tenantTablePolicy('deal_lines'),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE deal_lines');
  }
}
