import { infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tenantTables = [
  'identity_provider', 'person', 'linked_identity', 'person_group', 'group_member', 'session', 'session_key',
  'sign_on_request', 'provider_dialogue', 'login_token', 'scim_token',
];

/** People, how they sign on, and their sessions. Secrets that somebody carries are kept as SHA-256 of themselves. */
export class CreateSignOn1795300000300 implements MigrationInterface {
  readonly name = 'CreateSignOn1795300000300';

  async up(runner: QueryRunner): Promise<void> {
    // As the gateway tells it. Found before the tenant is known, hence open to the system scope. A domain that goes from one tenant to another
    // has a row of each, because a tenant's event reaches its own rows only.
    await runner.query(`
      CREATE TABLE application_domain (
        domain text NOT NULL,
        tenant_id uuid NOT NULL,
        is_owned boolean NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (domain, tenant_id)
      )`);
    await runner.query(`
      CREATE TABLE identity_provider (
        provider_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        name text NOT NULL,
        issuer text NOT NULL,
        client_id text NOT NULL,
        vault_key_id text NOT NULL,
        nonce bytea NOT NULL,
        sealed_client_secret bytea NOT NULL,
        settings jsonb NOT NULL,
        version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (tenant_id, issuer, client_id)
      )`);
    await runner.query(`
      CREATE TABLE person (
        person_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        user_name text NOT NULL,
        external_id text,
        email text,
        display_name text,
        given_name text,
        family_name text,
        is_active boolean NOT NULL DEFAULT true,
        roles text[] NOT NULL DEFAULT '{}',
        version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        changed_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE UNIQUE INDEX person_user_name ON person (tenant_id, lower(user_name))');
    await runner.query('CREATE INDEX person_email ON person (tenant_id, lower(email))');
    await runner.query(`
      CREATE TABLE linked_identity (
        provider_id uuid NOT NULL REFERENCES identity_provider ON DELETE CASCADE,
        subject text NOT NULL,
        tenant_id uuid NOT NULL,
        person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
        roles text[] NOT NULL DEFAULT '{}',
        linked_at timestamptz NOT NULL,
        PRIMARY KEY (provider_id, subject)
      )`);
    await runner.query('CREATE INDEX linked_identity_person ON linked_identity (person_id)');
    await runner.query(`
      CREATE TABLE person_group (
        group_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        display_name text NOT NULL,
        external_id text,
        roles text[] NOT NULL DEFAULT '{}',
        version int NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        changed_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE UNIQUE INDEX person_group_name ON person_group (tenant_id, lower(display_name))');
    await runner.query(`
      CREATE TABLE group_member (
        group_id uuid NOT NULL REFERENCES person_group ON DELETE CASCADE,
        person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
        tenant_id uuid NOT NULL,
        PRIMARY KEY (group_id, person_id)
      )`);
    await runner.query('CREATE INDEX group_member_person ON group_member (person_id)');
    // Ended sessions outlive their person, for the list of what was; so there is no reference.
    await runner.query(`
      CREATE TABLE session (
        session_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        person_id uuid NOT NULL,
        provider_id uuid NOT NULL,
        provider_subject text NOT NULL,
        provider_session text,
        device text NOT NULL,
        started_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text
      )`);
    await runner.query('CREATE INDEX session_person ON session (person_id) WHERE ended_at IS NULL');
    await runner.query('CREATE INDEX session_provider ON session (provider_id, provider_subject) WHERE ended_at IS NULL');
    await runner.query(`
      CREATE TABLE session_key (
        key_hash bytea PRIMARY KEY,
        tenant_id uuid NOT NULL,
        session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
        host text NOT NULL,
        made_at timestamptz NOT NULL,
        used_at timestamptz,
        replaced_at timestamptz,
        successor_hash bytea,
        is_withdrawn boolean NOT NULL DEFAULT false
      )`);
    await runner.query('CREATE INDEX session_key_session ON session_key (session_id)');
    await runner.query(`
      CREATE TABLE sign_on_request (
        request_hash bytea PRIMARY KEY,
        tenant_id uuid NOT NULL,
        host text NOT NULL,
        return_path text NOT NULL,
        browser_hash bytea NOT NULL,
        link_session_id uuid,
        made_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX sign_on_request_browser ON sign_on_request (browser_hash, made_at)');
    await runner.query(`
      CREATE TABLE provider_dialogue (
        state_hash bytea PRIMARY KEY,
        tenant_id uuid NOT NULL,
        provider_id uuid NOT NULL REFERENCES identity_provider ON DELETE CASCADE,
        request_hash bytea NOT NULL,
        browser_hash bytea NOT NULL,
        vault_key_id text NOT NULL,
        nonce bytea NOT NULL,
        sealed_secrets bytea NOT NULL,
        made_at timestamptz NOT NULL,
        used_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE login_token (
        token_hash bytea PRIMARY KEY,
        tenant_id uuid NOT NULL,
        session_id uuid NOT NULL REFERENCES session ON DELETE CASCADE,
        host text NOT NULL,
        return_path text NOT NULL,
        browser_hash bytea NOT NULL,
        made_at timestamptz NOT NULL,
        used_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE scim_token (
        token_hash bytea PRIMARY KEY,
        tenant_id uuid NOT NULL,
        token_id uuid NOT NULL UNIQUE,
        name text NOT NULL,
        made_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        last_used_at timestamptz
      )`);
    for (const table of ['sign_on_request', 'provider_dialogue', 'login_token', 'session']) {
      await runner.query(`CREATE INDEX ${table}_age ON ${table} (${table === 'session' ? 'last_used_at' : 'made_at'})`);
    }
    for (const statement of infrastructureTablePolicy('application_domain')) await runner.query(statement);
    for (const table of tenantTables) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${[...tenantTables].reverse().join(', ')}, application_domain CASCADE`);
  }
}
