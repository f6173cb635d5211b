import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys the issuer signs with, and client assertions it has seen. Neither belongs to a tenant. */
export class CreateSigningKeys1763700100000 implements MigrationInterface {
  readonly name = 'CreateSigningKeys1763700100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signing_key (
        kid text PRIMARY KEY,
        public_jwk jsonb NOT NULL,
        vault_key_id text NOT NULL,
        nonce bytea NOT NULL,
        sealed_private_jwk bytea NOT NULL,
        active_from timestamptz NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE used_assertion (
        client_id text NOT NULL,
        assertion_id text NOT NULL,
        ends_at timestamptz NOT NULL,
        PRIMARY KEY (client_id, assertion_id)
      )`);
    await runner.query('CREATE INDEX used_assertion_ends_at ON used_assertion (ends_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE used_assertion, signing_key');
  }
}
