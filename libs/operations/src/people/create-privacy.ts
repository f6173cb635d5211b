import { infrastructureTablePolicy, tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Requests about one person. Who it is stands here and in no event, so that Kafka does not keep what is to be forgotten; of a request that has ended
 * nothing is left but its counts.
 */
class CreatePrivacy1795310000000 implements MigrationInterface {
  readonly name = 'CreatePrivacy1795310000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE person_request (
        request_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('export', 'erasure')),
        state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'unfinished')),
        round integer NOT NULL DEFAULT 1,
        said_at timestamptz(3) NOT NULL DEFAULT now(),
        found_at timestamptz(3) NOT NULL DEFAULT now(),
        requested_by text NOT NULL,
        salt bytea,
        public_key jsonb,
        vault_key_id text,
        nonce bytea,
        sealed_private_key bytea,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        ended_at timestamptz(3),
        file_expires_at timestamptz(3)
      )`);
    await runner.query(`CREATE INDEX person_request_open ON person_request (said_at) WHERE state = 'running'`);
    await runner.query('CREATE INDEX person_request_file ON person_request (file_expires_at) WHERE file_expires_at IS NOT NULL');
    await runner.query('CREATE INDEX person_request_listed ON person_request (tenant_id, request_id DESC)');
    await runner.query(`
      CREATE TABLE person_clue (
        request_id uuid NOT NULL REFERENCES person_request ON DELETE CASCADE,
        tenant_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('email', 'phone', 'name', 'contact')),
        value text NOT NULL,
        PRIMARY KEY (request_id, kind, value)
      )`);
    await runner.query(`
      CREATE TABLE person_answer (
        request_id uuid NOT NULL REFERENCES person_request ON DELETE CASCADE,
        tenant_id uuid NOT NULL,
        round integer NOT NULL,
        service text NOT NULL,
        found jsonb NOT NULL,
        learned integer NOT NULL,
        answered_at timestamptz(3) NOT NULL,
        PRIMARY KEY (request_id, round, service)
      )`);
    await runner.query(`
      CREATE TABLE person_export_part (
        request_id uuid NOT NULL REFERENCES person_request ON DELETE CASCADE,
        tenant_id uuid NOT NULL,
        service text NOT NULL,
        sealed text NOT NULL,
        PRIMARY KEY (request_id, service)
      )`);
    for (const statement of infrastructureTablePolicy('person_request')) await runner.query(statement);
    for (const table of ['person_clue', 'person_answer', 'person_export_part']) for (const statement of tenantTablePolicy(table)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['person_export_part', 'person_answer', 'person_clue', 'person_request']) await runner.query(`DROP TABLE ${table}`);
  }
}

/** The PostgreSQL schema of requests about one person, which every service works in. */
export const privacySchema = { name: 'privacy', migrations: [CreatePrivacy1795310000000] };
