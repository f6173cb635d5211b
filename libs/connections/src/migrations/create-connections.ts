import { infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections and their sealed credentials, in the schema that every service using the library shares. */
export class CreateConnections1763700000010 implements MigrationInterface {
  readonly name = 'CreateConnections1763700000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE connection (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        vendor text NOT NULL,
        account_id text NOT NULL,
        settings jsonb NOT NULL DEFAULT '{}',
        state text NOT NULL CHECK (state IN ('connecting', 'healthy', 'degraded', 'needs_reconnect', 'disconnected')),
        state_reason text,
        state_since timestamptz NOT NULL DEFAULT now(),
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (tenant_id, id)
      )`);
    // A vendor account belongs to one tenant: its webhooks name the account only, and must lead to one place.
    await runner.query(`
      CREATE UNIQUE INDEX connection_account ON connection (vendor, account_id) WHERE state <> 'disconnected'`);
    await runner.query(`
      CREATE TABLE credential (
        connection_id uuid NOT NULL,
        tenant_id uuid NOT NULL,
        field text NOT NULL,
        key_id text NOT NULL,
        nonce bytea NOT NULL,
        ciphertext bytea NOT NULL,
        expires_at timestamptz,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (connection_id, field),
        FOREIGN KEY (tenant_id, connection_id) REFERENCES connection (tenant_id, id) ON DELETE CASCADE
      )`);
    // Connections are looked up across tenants when a webhook arrives, before its tenant is known; credentials never.
    for (const statement of [...infrastructureTablePolicy('connection'), ...tenantTablePolicy('credential')]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE credential');
    await runner.query('DROP TABLE connection');
  }
}
