import { exportJWK, generateKeyPair } from 'jose';
import { privateKeySchema, publicPartOf, type Es256PrivateKey } from '@crossdock/service-tokens';
import type { ServiceClient } from './client-registry.ts';

export const tenantA = '018f3f5e-7c1a-7d1e-9a55-000000000001';
export const tenantB = '018f3f5e-7c1a-7d1e-9a55-000000000002';

/** A client with a key of its own: the gateway, for any tenant, unless a test says otherwise. */
export async function newClient(parts: Partial<ServiceClient> = {}): Promise<{ client: ServiceClient; privateJwk: Es256PrivateKey }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const privateJwk = privateKeySchema.parse(await exportJWK(privateKey));
  const client: ServiceClient = {
    clientId: 'gateway',
    publicJwk: publicPartOf(privateJwk),
    scopes: ['orders:read', 'orders:write', 'tenant:any'],
    audiences: ['orders', 'shipping'],
    tenants: 'any',
    ...parts,
  };
  return { client, privateJwk };
}
