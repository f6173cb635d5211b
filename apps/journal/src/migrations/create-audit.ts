import { infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was done for each tenant, as a chain: an entry's hash is over the one before it. Entries are neither changed nor removed, but for those
 * that are older than the tenant keeps them, from the oldest on; of these the last one's place and hash stay.
 */
export class CreateAudit1795240000002 implements MigrationInterface {
  readonly name = 'CreateAudit1795240000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_entry (
        tenant_id uuid NOT NULL,
        sequence bigint NOT NULL,
        entry_id uuid NOT NULL,
        at timestamptz(3) NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        record_ids text NOT NULL,
        entry jsonb NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (tenant_id, sequence),
        UNIQUE (tenant_id, entry_id)
      )`);
    await runner.query('CREATE INDEX audit_entry_actor ON audit_entry (tenant_id, actor, sequence)');
    for (const table of ['audit_head', 'audit_forgotten']) {
      await runner.query(`CREATE TABLE ${table} (tenant_id uuid PRIMARY KEY, sequence bigint NOT NULL, hash bytea NOT NULL)`);
    }
    await runner.query('CREATE TABLE audit_retention (tenant_id uuid PRIMARY KEY, days integer NOT NULL CHECK (days >= 30))');
    for (const table of ['audit_entry', 'audit_forgotten', 'audit_retention']) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
    for (const statement of infrastructureTablePolicy('audit_head')) await runner.query(statement);
    await runner.query(`
      CREATE FUNCTION refuse_audit_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'DELETE' AND current_setting('crossdock.forgets_audit', true) = 'yes' THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'What was done stays written down.';
      END $$`);
    await runner.query('CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_audit_entry_change()');
    await runner.query(`
      CREATE FUNCTION forget_audit(whose uuid, retention_days integer) RETURNS bigint LANGUAGE plpgsql AS $$
      DECLARE
        last bigint;
        removed bigint;
      BEGIN
        IF retention_days < 30 THEN RAISE EXCEPTION 'retention_days must be at least 30'; END IF;
        SELECT max(sequence) INTO last FROM audit_entry WHERE tenant_id = whose AND at < now() - make_interval(days => retention_days)
          AND sequence < (SELECT coalesce(min(sequence), 9223372036854775807) FROM audit_entry WHERE tenant_id = whose AND at >= now() - make_interval(days => retention_days));
        IF last IS NULL THEN RETURN 0; END IF;
        INSERT INTO audit_forgotten (tenant_id, sequence, hash) SELECT tenant_id, sequence, hash FROM audit_entry WHERE tenant_id = whose AND sequence = last
          ON CONFLICT (tenant_id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash;
        PERFORM set_config('crossdock.forgets_audit', 'yes', true);
        DELETE FROM audit_entry WHERE tenant_id = whose AND sequence <= last;
        GET DIAGNOSTICS removed = ROW_COUNT;
        PERFORM set_config('crossdock.forgets_audit', 'no', true);
        RETURN removed;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION forget_audit');
    for (const table of ['audit_retention', 'audit_forgotten', 'audit_head', 'audit_entry']) await runner.query(`DROP TABLE ${table}`);
    await runner.query('DROP FUNCTION refuse_audit_entry_change');
  }
}
