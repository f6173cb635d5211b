import { openSecret, sealSecret, type SealedSecret, type VaultKeys } from '@crossdock/connections';
import { compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { z } from 'zod';

const jwkSchema = z.record(z.string(), z.unknown());

/** The keys of exports: services seal their parts by the public one (JWE, ECDH-ES), and the private one waits sealed for whoever downloads the file. */
export class ExportKeys {
  readonly #vaultKeys: VaultKeys;

  constructor(vaultKeys: VaultKeys) {
    this.#vaultKeys = vaultKeys;
  }

  async make(tenantId: string, requestId: string): Promise<{ readonly publicKey: JWK; readonly sealed: SealedSecret }> {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true });
    return { publicKey: await exportJWK(publicKey), sealed: sealSecret(this.#vaultKeys, JSON.stringify(await exportJWK(privateKey)), placeOf(tenantId, requestId)) };
  }

  /** @returns what opens parts of this export. @throws Failure where the vault's key is missing or the key was moved. */
  async opener(tenantId: string, requestId: string, sealed: SealedSecret): Promise<(part: string) => Promise<string>> {
    const privateKey = await importJWK(jwkSchema.parse(JSON.parse(openSecret(this.#vaultKeys, sealed, placeOf(tenantId, requestId)))), 'ECDH-ES');
    return async (part) => Buffer.from((await compactDecrypt(part, privateKey)).plaintext).toString('utf8');
  }
}

function placeOf(tenantId: string, requestId: string): readonly [string, string, string] {
  return [tenantId, 'person-request', requestId];
}
