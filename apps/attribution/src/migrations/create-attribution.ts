import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Samples with their touches, deals, and what each sample is credited of each deal. E-mails are kept in lower case. */
export class CreateAttribution1795240000000 implements MigrationInterface {
  readonly name = 'CreateAttribution1795240000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sample (
        shipment_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        contact_email text NOT NULL CHECK (contact_email = lower(contact_email)),
        campaign text,
        product text,
        touched_at timestamptz(3)
      )`);
    await runner.query('CREATE INDEX sample_touch ON sample (tenant_id, contact_email) WHERE touched_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE deal (
        deal_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        vendor text NOT NULL,
        connection_id uuid NOT NULL,
        external_id text NOT NULL,
        name text NOT NULL,
        status text NOT NULL CHECK (status IN ('open', 'won', 'lost')),
        amount_minor bigint,
        currency text,
        closed_at timestamptz(3),
        modified_at timestamptz(3) NOT NULL,
        contact_emails text[] NOT NULL,
        CHECK ((amount_minor IS NULL) = (currency IS NULL))
      )`);
    await runner.query('CREATE INDEX deal_contact ON deal USING gin (contact_emails)');
    await runner.query(`
      CREATE TABLE deal_credit (
        deal_id uuid NOT NULL REFERENCES deal ON DELETE CASCADE,
        shipment_id uuid NOT NULL REFERENCES sample ON DELETE CASCADE,
        tenant_id uuid NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        share double precision NOT NULL CHECK (share > 0 AND share <= 1),
        touched_at timestamptz(3) NOT NULL,
        PRIMARY KEY (deal_id, shipment_id)
      )`);
    await runner.query('CREATE INDEX deal_credit_sample ON deal_credit (shipment_id)');
    for (const table of ['sample', 'deal', 'deal_credit']) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['deal_credit', 'deal', 'sample']) await runner.query(`DROP TABLE ${table}`);
  }
}
