import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { z } from 'zod';
import { VaultKeys } from '@crossdock/connections';
import { createLogger, loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import {
  clientAssertionType, publicKeySchema, routesWithoutRule, ServiceTokenClient, ServiceTokenVerifier, signClientAssertion,
  type Es256PrivateKey,
} from '@crossdock/service-tokens';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, freePort, requireTestServer, type TestDatabase } from '@crossdock/test-stack';
import { authSsoConfig } from './auth-sso.config.ts';
import { AuthSsoModule } from './auth-sso.module.ts';
import { authSsoSchema } from './auth-sso.schema.ts';
import { newClient, tenantA, tenantB } from './clients/client.fixture.ts';
import { IssuerUpkeep } from './issuer-upkeep.ts';
import { keepPublishedMs, publishAheadMs } from './keys/key-schedule.ts';
import { SigningKeysController } from './keys/signing-keys.controller.ts';
import { SigningKeys } from './keys/signing-keys.ts';

const lifetimeHours = 24;
const jwksSchema = z.object({ keys: z.array(publicKeySchema) });
const tokenSchema = z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.literal(600), scope: z.string() });

/** Two replicas on one database; their clock is a test's to move, forward only. */
describe('the issuer of service tokens', () => {
  let database: TestDatabase;
  let folder: string;
  let gatewayKey: Es256PrivateKey;
  let issuerUrl: string;
  let replicaUrls: string[];
  let replicas: RunningService[] = [];
  let aheadMs = 0;
  const vaultKey = `k1:${randomBytes(32).toString('base64')}`;
  const now = (): Date => new Date(Date.now() + aheadMs);

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'auth-sso-'));
    const gateway = await newClient();
    gatewayKey = gateway.privateJwk;
    const clientsFile = join(folder, 'clients.json');
    await writeFile(clientsFile, JSON.stringify([gateway.client]));

    const ports = [await freePort(), await freePort()];
    replicaUrls = ports.map((port) => `http://127.0.0.1:${port}`);
    issuerUrl = `http://127.0.0.1:${ports[0]}`;
    const environment = {
      DATABASE_URL: await database.migrateService('auth-sso', [authSsoSchema]),
      KAFKA_BROKERS: requireTestServer('TEST_KAFKA_BROKERS'),
      KAFKA_TOPIC_PREFIX: `test-${randomBytes(6).toString('hex')}.`,
      REDIS_URL: requireTestServer('TEST_REDIS_URL'),
      INTERNAL_PORT: '0',
      AUTH_ISSUER_URL: issuerUrl,
      AUTH_CLIENTS_FILE: clientsFile,
      VAULT_KEYS: vaultKey,
      SIGN_ON_URL: 'http://login.localhost',
      SIGNING_KEY_LIFETIME_HOURS: String(lifetimeHours),
    };
    replicas = await Promise.all(ports.map((port) => startService(
      { name: 'auth-sso', config: authSsoConfig, module: (config) => AuthSsoModule.forConfig(config, now) },
      loadConfig(authSsoConfig, { ...environment, PORT: String(port) }),
      createLogger('auth-sso', 'fatal'),
    )));
  });

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await database.drop();
    await rm(folder, { recursive: true });
  });

  const client = (): ServiceTokenClient => new ServiceTokenClient({ issuerUrl, clientId: 'gateway', privateJwk: gatewayKey, now });
  const verifier = (): ServiceTokenVerifier => new ServiceTokenVerifier({ issuerUrl, audience: 'orders', now });

  async function publishedBy(url: string | undefined): Promise<z.infer<typeof jwksSchema>> {
    return jwksSchema.parse(await (await fetch(`${url}/.well-known/jwks.json`)).json());
  }

  async function tokenForm(parts: Record<string, string> = {}): Promise<URLSearchParams> {
    return new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: clientAssertionType,
      client_assertion: await signClientAssertion({ clientId: 'gateway', issuerUrl, privateJwk: gatewayKey, now: now() }),
      audience: 'orders',
      ...parts,
    });
  }

  async function upkeepEverywhere(): Promise<void> {
    for (const { app } of replicas) await app.get(IssuerUpkeep).runOnce();
  }

  it('gives a client a token that the called service accepts', async () => {
    expect(await verifier().verify(await client().token('orders', tenantA)))
      .toMatchObject({ sub: 'gateway', scope: 'orders:read orders:write', tenant: tenantA });
    const forAnyTenant = await verifier().verify(await client().token('orders'));
    expect(forAnyTenant.scope).toBe('orders:read orders:write tenant:any');
    expect(forAnyTenant.tenant).toBeUndefined();
    await expect(verifier().verify(await client().token('shipping'))).rejects.toThrow('"aud" is missing or wrong');
  });

  it('agrees with its replica on the keys, which are published without their private part', async () => {
    const [first, second] = await Promise.all(replicaUrls.map(publishedBy));
    expect(first).toEqual(second);
    expect(first?.keys.length).toBeGreaterThan(0);
    const admin = await database.connectAsAdmin('auth_sso');
    const stored: Array<{ row: string }> = await admin.query('SELECT signing_key::text AS row FROM signing_key');
    for (const { row } of stored) expect(row).not.toMatch(/"d"/);
  });

  it('lets an assertion be used once, however many replicas it is offered to at the same time', async () => {
    const form = await tokenForm();
    const answers = await Promise.all(Array.from({ length: 20 }, async (_, attempt) => {
      const response = await fetch(`${replicaUrls[attempt % 2]}/oauth/token`, { method: 'POST', body: form });
      return { status: response.status, body: await response.text() };
    }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 401);
    expect(refused).toHaveLength(19);
    for (const { body } of refused) {
      expect(JSON.parse(body)).toEqual({ error: 'invalid_client', error_description: 'The client assertion has been used before.' });
    }
  });

  it('answers in the form OAuth asks for, and lets nobody cache it', async () => {
    const good = await fetch(`${issuerUrl}/oauth/token`, { method: 'POST', body: await tokenForm({ scope: 'orders:read', tenant: tenantB }) });
    expect([good.status, good.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(tokenSchema.parse(await good.json()).scope).toBe('orders:read');

    const refused = await fetch(`${issuerUrl}/oauth/token`, { method: 'POST', body: await tokenForm({ audience: 'attribution' }) });
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([400, 'no-store']);
    expect(await refused.json()).toEqual({ error: 'invalid_target', error_description: 'The client may not call this audience.' });

    const form = await tokenForm();
    form.append('audience', 'shipping');
    const twice = await fetch(`${issuerUrl}/oauth/token`, { method: 'POST', body: form });
    expect([twice.status, await twice.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_request' })]);

    const json = await fetch(`${issuerUrl}/oauth/token`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(Object.fromEntries(await tokenForm())),
    });
    expect([json.status, await json.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_request' })]);
  });

  it('describes itself', async () => {
    const metadata = await (await fetch(`${issuerUrl}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).toEqual({
      issuer: issuerUrl,
      token_endpoint: `${issuerUrl}/oauth/token`,
      jwks_uri: `${issuerUrl}/.well-known/jwks.json`,
      response_types_supported: [],
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256'],
    });
  });

  it('has an access rule on every route', () => {
    expect(replicas.flatMap(({ app }) => routesWithoutRule(app))).toEqual([]);
  });

  it('changes keys without a token being refused', async () => {
    aheadMs += lifetimeHours * 3_600_000;
    await upkeepEverywhere();
    const before = await client().token('orders');
    const [first, second] = await Promise.all(replicaUrls.map(publishedBy));
    expect(first).toEqual(second);
    expect(first?.keys).toHaveLength(2);
    const keysReadBefore = createLocalJWKSet(first ?? { keys: [] });

    aheadMs += publishAheadMs;
    const after = await client().token('orders');
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    await jwtVerify(after, keysReadBefore, { currentDate: now() });

    await upkeepEverywhere();
    expect((await publishedBy(issuerUrl)).keys).toHaveLength(2);
    aheadMs += keepPublishedMs;
    await upkeepEverywhere();
    expect((await publishedBy(issuerUrl)).keys.map(({ kid }) => kid)).toEqual([decodeProtectedHeader(after).kid]);
  });

  const byOperator = { actor: { client: 'operator' }, reason: 'a rehearsal' };
  const signingKeys = (replica = 0): SigningKeys => {
    const found = replicas[replica]?.app.get(SigningKeys);
    if (!found) throw new Error('There is no such replica.');
    return found;
  };

  it('changes keys at an operator’s word too, once however often that is said, and without a token being refused', async () => {
    const before = await client().token('orders');
    await Promise.all([signingKeys(0).exchange(byOperator), signingKeys(1).exchange(byOperator)]);
    await upkeepEverywhere();
    expect(signingKeys().list().map(({ state }) => state)).toEqual(['signing', 'next']);
    expect(await verifier().verify(before)).toMatchObject({ sub: 'gateway' });
    const keysReadBefore = createLocalJWKSet(await publishedBy(issuerUrl));
    aheadMs += publishAheadMs;
    const after = await client().token('orders');
    expect(decodeProtectedHeader(after).kid).toBe(signingKeys().list().at(-1)?.kid);
    await jwtVerify(after, keysReadBefore, { currentDate: now() });
    aheadMs += keepPublishedMs;
    await upkeepEverywhere();
    expect(signingKeys().list()).toEqual([expect.objectContaining({ kid: decodeProtectedHeader(after).kid, state: 'signing' })]);
    const admin = await database.connectAsAdmin('auth_sso');
    expect(await admin.query(`SELECT client, reason, result FROM operation_audit WHERE action = 'signing_key.exchange' ORDER BY result`)).toEqual([
      { client: 'operator', reason: 'a rehearsal', result: 'done' }, { client: 'operator', reason: 'a rehearsal', result: 'unchanged' },
    ]);
  });

  it('refuses tokens of keys that were withdrawn because somebody else has them, and gives others at once', async () => {
    const stolen = await client().token('orders');
    await signingKeys().withdraw(byOperator);
    await upkeepEverywhere();
    await expect(verifier().verify(stolen)).rejects.toThrow('unknown key');
    expect(await verifier().verify(await client().token('orders'))).toMatchObject({ sub: 'gateway' });
    expect((await publishedBy(replicaUrls[1])).keys).toHaveLength(1);
  });

  it('shows its keys as they are to who reads them, and makes and drops none for that, also where it is time to', async () => {
    const admin = await database.connectAsAdmin('auth_sso');
    const stored = (): Promise<unknown> => admin.query('SELECT kid FROM signing_key ORDER BY active_from');
    const lifetimeMs = lifetimeHours * 3_600_000;
    const later = new SigningKeys({ database: new TenantDatabase(admin), vaultKeys: VaultKeys.parse(vaultKey), lifetimeMs, now: () => new Date(now().getTime() + lifetimeMs) });
    const before = await stored();
    const { items } = await new SigningKeysController(later).list();
    expect(items.map(({ kid }) => ({ kid }))).toEqual(before);
    expect(await stored()).toEqual(before);
  });

  it('seals its keys anew with another vault key while it signs with them, until the old one opens none', async () => {
    const nextVaultKey = `k2:${randomBytes(32).toString('base64')}`;
    const admin = await database.connectAsAdmin('auth_sso');
    const withKeys = (keys: string): SigningKeys => new SigningKeys({
      database: new TenantDatabase(admin), vaultKeys: VaultKeys.parse(keys), lifetimeMs: lifetimeHours * 3_600_000, now,
    });
    const kid = signingKeys().current().kid;
    try {
      await withKeys(`${nextVaultKey},${vaultKey}`).refresh();
      expect(await admin.query('SELECT DISTINCT vault_key_id AS key FROM signing_key')).toEqual([{ key: 'k2' }]);
      const alone = withKeys(nextVaultKey);
      await alone.refresh();
      expect(alone.current().kid).toBe(kid);
      // A replica without the key leaves them as they are.
      await withKeys(`k3:${randomBytes(32).toString('base64')}`).refresh();
      expect(await admin.query('SELECT DISTINCT vault_key_id AS key FROM signing_key')).toEqual([{ key: 'k2' }]);
    } finally {
      await withKeys(`${vaultKey},${nextVaultKey}`).refresh();
    }
  });

  it('forgets an assertion once it has ended, and refuses it for that', async () => {
    const form = await tokenForm();
    expect((await fetch(`${issuerUrl}/oauth/token`, { method: 'POST', body: form })).status).toBe(200);
    aheadMs += 120_000;
    await upkeepEverywhere();
    const admin = await database.connectAsAdmin('auth_sso');
    const remembered: unknown[] = await admin.query('SELECT 1 FROM used_assertion WHERE ends_at < $1', [now()]);
    expect(remembered).toEqual([]);
    const again = await fetch(`${issuerUrl}/oauth/token`, { method: 'POST', body: form });
    expect(await again.json()).toEqual({ error: 'invalid_client', error_description: 'The client assertion has expired.' });
  });
});
