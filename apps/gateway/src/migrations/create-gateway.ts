import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tenants, and the webhooks that were accepted. */
export class CreateGateway1763700000101 implements MigrationInterface {
  readonly name = 'CreateGateway1763700000101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tenant (
        tenant_id uuid PRIMARY KEY,
        slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
        name text NOT NULL,
        state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'deleted', 'erased')),
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        changed_at timestamptz(3) NOT NULL DEFAULT now(),
        erase_at timestamptz(3) CHECK ((state = 'deleted') = (erase_at IS NOT NULL))
      )`);
    await runner.query(`
      CREATE TABLE received_webhook (
        dedupe_key bytea PRIMARY KEY,
        event_id uuid NOT NULL,
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        vendor text NOT NULL,
        body bytea NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX received_webhook_time ON received_webhook (received_at)');
    for (const table of ['tenant', 'received_webhook']) {
      for (const statement of infrastructureTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE received_webhook');
    await runner.query('DROP TABLE tenant');
  }
}
