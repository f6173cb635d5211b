import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How tenants map their accounts' fields, in all versions, and what the accounts looked like when they did. */
export class CreateFieldMappings1763700000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `CREATE TABLE field_mapping (
         tenant_id uuid NOT NULL,
         connection_id uuid NOT NULL,
         object text NOT NULL,
         version integer NOT NULL CHECK (version > 0),
         rules jsonb NOT NULL,
         saved_by text NOT NULL,
         saved_at timestamptz NOT NULL DEFAULT now(),
         is_active boolean NOT NULL,
         PRIMARY KEY (tenant_id, connection_id, object, version)
       )`,
      'CREATE UNIQUE INDEX field_mapping_active ON field_mapping (tenant_id, connection_id, object) WHERE is_active',
      ...tenantTablePolicy('field_mapping'),
      `CREATE TABLE account_schema (
         tenant_id uuid NOT NULL,
         connection_id uuid NOT NULL,
         object text NOT NULL,
         description jsonb NOT NULL,
         fetched_at timestamptz NOT NULL,
         drift jsonb NOT NULL DEFAULT '[]',
         checked_at timestamptz NOT NULL,
         PRIMARY KEY (tenant_id, connection_id, object)
       )`,
      ...tenantTablePolicy('account_schema'),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_schema');
    await runner.query('DROP TABLE field_mapping');
  }
}
