import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Leads that were taken, so that a repeat is known. */
export class CreateLeads1795300000100 implements MigrationInterface {
  readonly name = 'CreateLeads1795300000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lead (
        lead_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        sync_id uuid NOT NULL REFERENCES sync ON DELETE CASCADE,
        golden_id uuid NOT NULL,
        request_hash text NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('created', 'updated', 'unchanged')),
        changed text[] NOT NULL,
        received_at timestamptz(3) NOT NULL,
        FOREIGN KEY (tenant_id, golden_id) REFERENCES golden_record ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX lead_golden ON lead (tenant_id, golden_id)');
    for (const statement of tenantTablePolicy('lead')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lead');
  }
}
