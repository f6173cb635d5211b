import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { STATE } from './launch/folders.mjs';
import { writePrivateFile } from './secrets.ts';
import { DEMO_CLIENT, type Grant, SERVICES } from './services.ts';

/** The public keys and grants of all clients, as auth-sso reads them. */
export const CLIENTS_FILE = join(STATE, 'clients.json');

/** Where a client's private key stands, as JSON Web Key. */
export function keyFileOf(clientId: string): string {
  return join(STATE, 'keys', `${clientId}.json`);
}

const privateKeySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
});
type PrivateKey = z.infer<typeof privateKeySchema>;

/** Sees to it that every service, and the demonstration, has a key pair (ES256), and writes the list of clients for auth-sso. */
export async function provideClientKeys(): Promise<void> {
  const keys = new Map<string, PrivateKey>();
  for (const { name } of [...SERVICES, DEMO_CLIENT]) keys.set(name, await provideKey(name));
  const clients: { name: string; grant?: Grant }[] = [...SERVICES, DEMO_CLIENT];
  const entries = clients.flatMap(({ name, grant }) => {
    const key = keys.get(name);
    if (grant === undefined || key === undefined) return [];
    const { d: _private, ...publicJwk } = key;
    return [{ clientId: name, publicJwk, scopes: grant.scopes, audiences: grant.audiences, tenants: 'any' }];
  });
  writePrivateFile(CLIENTS_FILE, JSON.stringify(entries, undefined, 2));
}

async function provideKey(clientId: string): Promise<PrivateKey> {
  const file = keyFileOf(clientId);
  if (existsSync(file)) return privateKeySchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const key = await newClientKey();
  writePrivateFile(file, JSON.stringify(key));
  return key;
}

/** A key pair by which a client proves itself (ES256). */
export async function newClientKey(): Promise<PrivateKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = await exportJWK(privateKey);
  return privateKeySchema.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' });
}
