import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { openSecret, sealSecret, type VaultKeys } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import { v7 as uuid } from 'uuid';
import { providerSettingsSchema, type IdentityProvider, type ProviderInput } from './identity-provider.ts';

const columns = 'provider_id, tenant_id, name, issuer, client_id, settings, version';

const rowSchema = z.object({
  provider_id: z.uuid(), tenant_id: z.uuid(), name: z.string(), issuer: z.string(), client_id: z.string(),
  settings: providerSettingsSchema, version: z.int(),
}).transform(({ provider_id, tenant_id, client_id, ...rest }): IdentityProvider =>
  ({ ...rest, providerId: provider_id, tenantId: tenant_id, clientId: client_id }));

const sealedSchema = z.object({ vault_key_id: z.string(), nonce: z.instanceof(Buffer), sealed_client_secret: z.instanceof(Buffer) });

const storedSecretSchema = z.object({ providerId: z.uuid(), keyId: z.string(), nonce: z.instanceof(Buffer), ciphertext: z.instanceof(Buffer) });

type Owner = Pick<IdentityProvider, 'tenantId' | 'providerId'>;
const place = ({ tenantId, providerId }: Owner) => [tenantId, 'identity-provider', providerId, 'client_secret'] as const;

/** Tenants' identity providers. Every method runs in a transaction of the tenant; client secrets lie sealed. */
export class ProviderRepository {
  readonly #vaultKeys: VaultKeys;

  constructor(vaultKeys: VaultKeys) {
    this.#vaultKeys = vaultKeys;
  }

  async list(manager: EntityManager): Promise<IdentityProvider[]> {
    const rows = await manager.query<unknown[]>(`SELECT ${columns} FROM identity_provider ORDER BY name, provider_id`);
    return rows.map((row) => rowSchema.parse(row));
  }

  async find(manager: EntityManager, providerId: string): Promise<IdentityProvider | undefined> {
    const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM identity_provider WHERE provider_id = $1`, [providerId]);
    return row === undefined ? undefined : rowSchema.parse(row);
  }

  /** @returns undefined where the tenant has this client of this issuer already. */
  async insert(manager: EntityManager, tenantId: string, { clientSecret, ...input }: ProviderInput & { readonly clientSecret: string }): Promise<IdentityProvider | undefined> {
    const providerId = uuid();
    const { keyId, nonce, ciphertext } = sealSecret(this.#vaultKeys, clientSecret, place({ tenantId, providerId }));
    const [row] = await manager.query<unknown[]>(
      `INSERT INTO identity_provider (provider_id, tenant_id, name, issuer, client_id, vault_key_id, nonce, sealed_client_secret, settings)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, issuer, client_id) DO NOTHING RETURNING ${columns}`,
      [providerId, tenantId, input.name, input.issuer, input.clientId, keyId, nonce, ciphertext, JSON.stringify(input.settings)],
    );
    return row === undefined ? undefined : rowSchema.parse(row);
  }

  /** Changes a provider; its issuer stays, since people are linked by it. @returns undefined where there is none. */
  async update(manager: EntityManager, { tenantId, providerId }: Owner, { clientSecret, ...input }: ProviderInput): Promise<IdentityProvider | undefined> {
    const sealed = clientSecret === undefined ? undefined : sealSecret(this.#vaultKeys, clientSecret, place({ tenantId, providerId }));
    await manager.query(
      `UPDATE identity_provider SET name = $2, client_id = $3, settings = $4, version = version + 1,
         vault_key_id = coalesce($5, vault_key_id), nonce = coalesce($6, nonce), sealed_client_secret = coalesce($7, sealed_client_secret)
       WHERE provider_id = $1`,
      [providerId, input.name, input.clientId, JSON.stringify(input.settings), sealed?.keyId ?? null, sealed?.nonce ?? null, sealed?.ciphertext ?? null],
    );
    return this.find(manager, providerId);
  }

  /** @returns whether there was one. */
  async remove(manager: EntityManager, providerId: string): Promise<boolean> {
    const removed = await manager.query<unknown[]>(
      'WITH gone AS (DELETE FROM identity_provider WHERE provider_id = $1 RETURNING 1) SELECT * FROM gone', [providerId]);
    return removed.length > 0;
  }

  /** @throws Failure `unexpected` where the vault key is not configured or the row was tampered with. */
  async clientSecret(manager: EntityManager, provider: Owner): Promise<string> {
    const [row] = await manager.query<unknown[]>(
      'SELECT vault_key_id, nonce, sealed_client_secret FROM identity_provider WHERE provider_id = $1', [provider.providerId]);
    const { vault_key_id, nonce, sealed_client_secret } = sealedSchema.parse(row);
    return openSecret(this.#vaultKeys, { keyId: vault_key_id, nonce, ciphertext: sealed_client_secret }, place(provider));
  }

  /**
   * Seals client secrets of the tenant with the vault's current key where another one sealed them; what does not open stays as it is.
   * @returns how many.
   */
  async reseal(manager: EntityManager, tenantId: string): Promise<number> {
    const rows = await manager.query<unknown[]>(
      `SELECT provider_id AS "providerId", vault_key_id AS "keyId", nonce, sealed_client_secret AS ciphertext FROM identity_provider
       WHERE vault_key_id <> $1 FOR UPDATE SKIP LOCKED`, [this.#vaultKeys.currentKeyId]);
    let resealed = 0;
    for (const { providerId, ...sealed } of z.array(storedSecretSchema).parse(rows)) {
      try {
        const { keyId, nonce, ciphertext } = sealSecret(this.#vaultKeys, openSecret(this.#vaultKeys, sealed, place({ tenantId, providerId })), place({ tenantId, providerId }));
        await manager.query('UPDATE identity_provider SET vault_key_id = $2, nonce = $3, sealed_client_secret = $4 WHERE provider_id = $1', [providerId, keyId, nonce, ciphertext]);
        resealed += 1;
      } catch (thrown) {
        if (!(thrown instanceof Failure)) throw thrown;
      }
    }
    return resealed;
  }
}
