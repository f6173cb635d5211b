import { infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the edge knows of callers: tenants' domains, API keys, and sessions that ended. A request names its tenant by domain and key, so these
 * tables open to the system scope as well.
 */
export class CreateCallers1795300000300 implements MigrationInterface {
  readonly name = 'CreateCallers1795300000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tenant_domain (
        domain text PRIMARY KEY CHECK (domain = lower(domain)),
        tenant_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX tenant_domain_tenant ON tenant_domain (tenant_id)');
    await runner.query(`
      CREATE TABLE api_key (
        key_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        name text NOT NULL,
        prefix text NOT NULL UNIQUE,
        secret_hash bytea NOT NULL,
        scopes text[] NOT NULL,
        workspace_id uuid,
        created_by text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL,
        last_used_at timestamptz(3),
        revoked_at timestamptz(3),
        revoked_by text
      )`);
    await runner.query('CREATE INDEX api_key_tenant ON api_key (tenant_id, key_id DESC)');
    await runner.query(`
      CREATE TABLE ended_session (
        session_id uuid NOT NULL,
        tenant_id uuid NOT NULL,
        tokens_end_at timestamptz(3) NOT NULL,
        PRIMARY KEY (tenant_id, session_id)
      )`);
    for (const statement of tenantTablePolicy('ended_session')) await runner.query(statement);
    for (const table of ['tenant_domain', 'api_key']) {
      for (const statement of infrastructureTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['ended_session', 'api_key', 'tenant_domain']) await runner.query(`DROP TABLE ${table}`);
  }
}
