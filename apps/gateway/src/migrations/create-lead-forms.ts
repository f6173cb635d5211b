import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Forms on tenants' pages. A post names its tenant by the form's id alone, so the table opens to the system scope as well. */
export class CreateLeadForms1795300000200 implements MigrationInterface {
  readonly name = 'CreateLeadForms1795300000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lead_form (
        form_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        name text NOT NULL,
        sync_id uuid,
        allowed_origins text[] NOT NULL,
        thanks_url text,
        trap_field text NOT NULL,
        stage text NOT NULL,
        posts_per_minute integer NOT NULL,
        counted_since timestamptz(3) NOT NULL DEFAULT now(),
        counted_posts integer NOT NULL DEFAULT 0,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (tenant_id, name)
      )`);
    for (const statement of infrastructureTablePolicy('lead_form')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lead_form');
  }
}
