import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Reads a connection and what its webhooks are verified by in one call. It does what two transactions would do one after the
 * other, with the caller's own rights and behind the same policies: finds whose connection it is in the system scope, then
 * turns to that tenant for the sealed secrets. The settings hold for the statement's transaction.
 */
export class CreateIngestLookUp1763700000013 implements MigrationInterface {
  readonly name = 'CreateIngestLookUp1763700000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION connection_for_ingest(wanted uuid, fields text[]) RETURNS TABLE (
        owner jsonb, "stateSince" timestamptz, field text, "keyId" uuid, nonce bytea, ciphertext bytea, "expiresAt" timestamptz, "wrappingKeyId" text, wrapped bytea
      ) LANGUAGE plpgsql AS $$
      DECLARE found connections.connection;
      BEGIN
        PERFORM set_config('crossdock.scope', 'system', true);
        SELECT * INTO found FROM connections.connection AS candidate WHERE candidate.id = wanted AND candidate.state <> 'disconnected';
        PERFORM set_config('crossdock.scope', '', true), set_config('crossdock.tenant_id', coalesce(found.tenant_id::text, ''), true);
        IF found.id IS NULL THEN RETURN; END IF;
        RETURN QUERY
          SELECT jsonb_build_object(
              'id', found.id, 'tenantId', found.tenant_id, 'vendor', found.vendor, 'accountId', found.account_id, 'accountName', found.account_name,
              'settings', found.settings, 'state', found.state, 'stateCode', found.state_code, 'stateReason', found.state_reason),
            found.state_since, secret.field, secret.data_key_id, secret.nonce, secret.ciphertext, secret.expires_at, data_key.wrapping_key_id, data_key.wrapped
          FROM (SELECT) AS always
            LEFT JOIN connections.credential AS secret ON secret.connection_id = found.id AND secret.field = ANY (fields)
            LEFT JOIN connections.data_key AS data_key ON data_key.id = secret.data_key_id;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION connection_for_ingest(uuid, text[])');
  }
}
