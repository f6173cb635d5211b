import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For how many tenants each flag is on, and who said so. What holds for all tenants stands under the id of the installation. */
class CreateFeatureFlags1795310000100 implements MigrationInterface {
  readonly name = 'CreateFeatureFlags1795310000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE flag_rule (
        flag text NOT NULL,
        tenant_id uuid NOT NULL,
        percentage integer NOT NULL CHECK (percentage BETWEEN 0 AND 100),
        PRIMARY KEY (flag, tenant_id)
      )`);
    await runner.query(`
      CREATE TABLE flag_change (
        change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        flag text NOT NULL,
        tenant_id uuid NOT NULL,
        percentage_before integer,
        percentage_after integer,
        changed_by text NOT NULL,
        reason text NOT NULL,
        changed_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX flag_change_listed ON flag_change (flag, change_id DESC)');
    await runner.query(`
      CREATE FUNCTION refuse_flag_change_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'What was done stays written down.'; END $$`);
    await runner.query('CREATE TRIGGER flag_change_stays BEFORE UPDATE OR DELETE ON flag_change FOR EACH ROW EXECUTE FUNCTION refuse_flag_change_change()');
    for (const table of ['flag_rule', 'flag_change']) for (const statement of infrastructureTablePolicy(table)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE flag_change');
    await runner.query('DROP FUNCTION refuse_flag_change_change');
    await runner.query('DROP TABLE flag_rule');
  }
}

/** The PostgreSQL schema of feature flags, which every service reads. */
export const featureFlagsSchema = { name: 'feature_flags', migrations: [CreateFeatureFlags1795310000100] };
