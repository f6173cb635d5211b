import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Samples, what touched people, deals, and what each touch is credited of each deal by each model. E-mails are kept in lower case. */
export class CreateAttribution1795240000000 implements MigrationInterface {
  readonly name = 'CreateAttribution1795240000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sample (
        shipment_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        contact_email text NOT NULL CHECK (contact_email = lower(contact_email)),
        campaign text,
        product text
      )`);
    await runner.query(`
      CREATE TABLE touch (
        touch_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('sample', 'web', 'campaign', 'activity')),
        contact_email text NOT NULL CHECK (contact_email = lower(contact_email)),
        touched_at timestamptz(3) NOT NULL,
        channel text NOT NULL,
        campaign text,
        product text,
        cost_minor bigint CHECK (cost_minor >= 0),
        cost_currency text,
        CHECK ((cost_minor IS NULL) = (cost_currency IS NULL))
      )`);
    await runner.query('CREATE INDEX touch_contact ON touch (tenant_id, contact_email)');
    await runner.query('CREATE INDEX touch_time ON touch (tenant_id, touched_at)');
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
    await runner.query("CREATE INDEX deal_won ON deal (tenant_id, (coalesce(closed_at, modified_at))) WHERE status = 'won'");
    await runner.query(`
      CREATE TABLE deal_credit (
        deal_id uuid NOT NULL REFERENCES deal ON DELETE CASCADE,
        model text NOT NULL,
        touch_id uuid NOT NULL REFERENCES touch ON DELETE CASCADE,
        tenant_id uuid NOT NULL,
        currency text NOT NULL,
        amount_minor bigint NOT NULL,
        share double precision NOT NULL CHECK (share > 0 AND share <= 1),
        touched_at timestamptz(3) NOT NULL,
        PRIMARY KEY (deal_id, model, touch_id)
      )`);
    await runner.query('CREATE INDEX deal_credit_touch ON deal_credit (touch_id)');
    for (const table of ['sample', 'touch', 'deal', 'deal_credit']) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['deal_credit', 'deal', 'touch', 'sample']) await runner.query(`DROP TABLE ${table}`);
  }
}
