import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls that were made with an idempotency key, and what was answered. */
export class CreateIdempotentCalls1795300000400 implements MigrationInterface {
  readonly name = 'CreateIdempotentCalls1795300000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotent_call (
        tenant_id uuid NOT NULL,
        client_id text NOT NULL,
        key text NOT NULL,
        fingerprint bytea NOT NULL,
        begun_at timestamptz(3) NOT NULL DEFAULT now(),
        status integer,
        etag text,
        answer text,
        PRIMARY KEY (tenant_id, client_id, key)
      )`);
    await runner.query('CREATE INDEX idempotent_call_age ON idempotent_call (tenant_id, begun_at)');
    for (const statement of tenantTablePolicy('idempotent_call')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotent_call');
  }
}
