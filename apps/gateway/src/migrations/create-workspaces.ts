import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workspaces of a tenant, and the connections that belong to one. */
export class CreateWorkspaces1795300000500 implements MigrationInterface {
  readonly name = 'CreateWorkspaces1795300000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workspace (
        workspace_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (tenant_id, name)
      )`);
    await runner.query(`
      CREATE TABLE workspace_connection (
        connection_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        workspace_id uuid NOT NULL REFERENCES workspace ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX workspace_connection_workspace ON workspace_connection (workspace_id)');
    for (const table of ['workspace', 'workspace_connection']) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['workspace_connection', 'workspace']) await runner.query(`DROP TABLE ${table}`);
  }
}
