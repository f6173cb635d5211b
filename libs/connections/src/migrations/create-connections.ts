import { infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections, their sealed credentials, authorisations under way and the audit, in the schema that every service using the library shares. */
export class CreateConnections1763700000010 implements MigrationInterface {
  readonly name = 'CreateConnections1763700000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE connection (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        vendor text NOT NULL,
        account_id text NOT NULL,
        account_name text,
        settings jsonb NOT NULL DEFAULT '{}',
        state text NOT NULL CHECK (state IN ('connecting', 'healthy', 'degraded', 'needs_reconnect', 'disconnected')),
        state_code text,
        state_reason text,
        state_since timestamptz NOT NULL DEFAULT now(),
        capabilities jsonb,
        capabilities_at timestamptz,
        mapping_drift jsonb NOT NULL DEFAULT '{}',
        probed_at timestamptz,
        probe_failure text,
        probe_failures integer NOT NULL DEFAULT 0,
        probe_at timestamptz NOT NULL DEFAULT now(),
        renew_at timestamptz,
        renewal_holder uuid,
        renewal_until timestamptz,
        renewal_unsettled boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (tenant_id, id)
      )`);
    // A vendor account belongs to one tenant: its webhooks name the account only, and must lead to one place.
    await runner.query(`
      CREATE UNIQUE INDEX connection_account ON connection (vendor, account_id) WHERE state <> 'disconnected'`);
    await runner.query(`
      CREATE INDEX connection_upkeep ON connection (LEAST(renew_at, probe_at)) WHERE state <> 'disconnected'`);
    await runner.query(`
      CREATE TABLE data_key (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        wrapping_key_id text NOT NULL,
        wrapped bytea NOT NULL,
        is_current boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        replaced_at timestamptz
      )`);
    await runner.query('CREATE UNIQUE INDEX data_key_current ON data_key (tenant_id) WHERE is_current');
    await runner.query(`
      CREATE TABLE credential (
        connection_id uuid NOT NULL,
        tenant_id uuid NOT NULL,
        field text NOT NULL,
        data_key_id uuid NOT NULL REFERENCES data_key (id),
        nonce bytea NOT NULL,
        ciphertext bytea NOT NULL,
        expires_at timestamptz,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (connection_id, field),
        FOREIGN KEY (tenant_id, connection_id) REFERENCES connection (tenant_id, id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX credential_data_key ON credential (data_key_id)');
    await runner.query(`
      CREATE TABLE authorisation (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        vendor text NOT NULL,
        connection_id uuid NOT NULL,
        state_hash bytea UNIQUE,
        browser_hash bytea,
        data_key_id uuid NOT NULL REFERENCES data_key (id),
        nonce bytea NOT NULL,
        ciphertext bytea NOT NULL,
        started_by text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      )`);
    await runner.query('CREATE INDEX authorisation_expiry ON authorisation (expires_at)');
    await runner.query('CREATE INDEX authorisation_data_key ON authorisation (data_key_id)');
    await runner.query(`
      CREATE TABLE connection_audit (
        id uuid PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        tenant_id uuid,
        connection_id uuid,
        vendor text,
        actor text NOT NULL,
        action text NOT NULL,
        outcome text NOT NULL,
        detail text
      )`);
    await runner.query('CREATE INDEX connection_audit_connection ON connection_audit (connection_id, id)');
    await runner.query(`
      CREATE FUNCTION refuse_connection_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'What was done stays written down.'; END $$`);
    await runner.query(`
      CREATE TRIGGER connection_audit_stays BEFORE UPDATE OR DELETE ON connection_audit
        FOR EACH ROW EXECUTE FUNCTION refuse_connection_audit_change()`);
    // Connections and authorisations are looked up across tenants before the tenant is known, data keys when all of them
    // are wrapped anew; credentials never.
    const machinery = ['connection', 'data_key', 'authorisation', 'connection_audit'].flatMap(infrastructureTablePolicy);
    for (const statement of [...machinery, ...tenantTablePolicy('credential')]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['connection_audit', 'authorisation', 'credential', 'data_key', 'connection']) await runner.query(`DROP TABLE ${table}`);
    await runner.query('DROP FUNCTION refuse_connection_audit_change');
  }
}
