import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { openSecret, sealSecret, type VaultKeys } from '@crossdock/connections';
import { privateKeySchema, publicKeySchema, publicPartOf, type Es256PrivateKey, type Es256PublicKey } from '@crossdock/service-tokens';
import type { ScheduledKey } from './key-schedule.ts';

/** A key as it is stored: the private part sealed. */
export interface StoredSigningKey extends ScheduledKey {
  readonly publicJwk: Es256PublicKey;
  readonly sealed: { readonly keyId: string; readonly nonce: Buffer; readonly ciphertext: Buffer };
}

const rowSchema = z.object({
  kid: z.string(),
  public_jwk: publicKeySchema,
  vault_key_id: z.string(),
  nonce: z.instanceof(Buffer),
  sealed_private_jwk: z.instanceof(Buffer),
  active_from: z.date(),
});

/** Whoever changes the keys holds this lock, so that replicas agree on them. */
const signingKeyLock = 7_262_002;

const placeOf = (kid: string) => ['auth-sso', 'signing-key', kid] as const;

/** Keeps other replicas from changing keys until the transaction ends. */
export async function lockSigningKeys(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [signingKeyLock]);
}

export async function readSigningKeys(manager: EntityManager): Promise<StoredSigningKey[]> {
  const rows = await manager.query<unknown[]>(
    'SELECT kid, public_jwk, vault_key_id, nonce, sealed_private_jwk, active_from FROM signing_key ORDER BY active_from',
  );
  return rows.map((row) => {
    const { kid, public_jwk, vault_key_id, nonce, sealed_private_jwk, active_from } = rowSchema.parse(row);
    return { kid, publicJwk: public_jwk, activeFrom: active_from, sealed: { keyId: vault_key_id, nonce, ciphertext: sealed_private_jwk } };
  });
}

export async function insertSigningKey(
  manager: EntityManager,
  vaultKeys: VaultKeys,
  { kid, privateJwk, activeFrom }: ScheduledKey & { readonly privateJwk: Es256PrivateKey },
): Promise<void> {
  const sealed = sealSecret(vaultKeys, JSON.stringify(privateJwk), placeOf(kid));
  await manager.query(
    `INSERT INTO signing_key (kid, public_jwk, vault_key_id, nonce, sealed_private_jwk, active_from)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [kid, JSON.stringify(publicPartOf(privateJwk)), sealed.keyId, sealed.nonce, sealed.ciphertext, activeFrom],
  );
}

export async function deleteSigningKeys(manager: EntityManager, kids: readonly string[]): Promise<void> {
  if (kids.length > 0) await manager.query('DELETE FROM signing_key WHERE kid = ANY($1)', [kids]);
}

/** Seals a key with the vault's current key. @throws Failure as `openSigningKey` does. */
export async function resealSigningKey(manager: EntityManager, vaultKeys: VaultKeys, key: StoredSigningKey): Promise<void> {
  const { keyId, nonce, ciphertext } = sealSecret(vaultKeys, openSecret(vaultKeys, key.sealed, placeOf(key.kid)), placeOf(key.kid));
  await manager.query('UPDATE signing_key SET vault_key_id = $2, nonce = $3, sealed_private_jwk = $4 WHERE kid = $1', [key.kid, keyId, nonce, ciphertext]);
}

/** @throws Failure `unexpected` where the vault key is not configured or the row was tampered with. */
export function openSigningKey(vaultKeys: VaultKeys, { kid, sealed }: StoredSigningKey): Es256PrivateKey {
  return privateKeySchema.parse(JSON.parse(openSecret(vaultKeys, sealed, placeOf(kid))));
}
