import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { publicPartOf, type Es256PrivateKey } from './es256-key.ts';
import { newKey, startIssuer, type IssuerFixture } from './issuer.fixture.ts';
import { ServiceTokenClient } from './service-token-client.ts';

const tenantA = '018f3f5e-7c1a-7d1e-9a55-000000000001';

describe('the client of service tokens', () => {
  let issuer: IssuerFixture;
  let privateJwk: Es256PrivateKey;
  let requests: URLSearchParams[];
  let nowMs: number;
  let client: ServiceTokenClient;

  beforeEach(async () => {
    issuer = await startIssuer();
    privateJwk = await newKey('gateway-1');
    requests = [];
    nowMs = Date.now();
    issuer.tokenEndpoint = (form) => {
      requests.push(form);
      return { status: 200, body: { access_token: `token-${requests.length}`, token_type: 'Bearer', expires_in: 600 } };
    };
    client = new ServiceTokenClient({ issuerUrl: issuer.url, clientId: 'gateway', privateJwk, now: () => new Date(nowMs) });
  });

  afterEach(() => issuer.stop());

  it('proves who it is by an assertion for the issuer alone, signed with its own key and never the same', async () => {
    await client.token('orders');
    await client.token('shipping');
    const assertions = await Promise.all(requests.map(async (form) => {
      expect(form.get('grant_type')).toBe('client_credentials');
      expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
      const { payload } = await jwtVerify(form.get('client_assertion') ?? '', publicPartOf(privateJwk));
      expect(payload).toMatchObject({ iss: 'gateway', sub: 'gateway', aud: issuer.url });
      return payload.jti;
    }));
    expect(new Set(assertions).size).toBe(2);
  });

  it('asks once for many calls at the same time, and keeps audiences and tenants apart', async () => {
    const tokens = await Promise.all([client.token('orders'), client.token('orders'), client.token('orders', tenantA)]);
    expect(tokens[0]).toBe(tokens[1]);
    expect(tokens[2]).not.toBe(tokens[0]);
    expect(requests.map((form) => [form.get('audience'), form.get('tenant')])).toEqual(
      expect.arrayContaining([['orders', null], ['orders', tenantA]]),
    );
    expect(requests).toHaveLength(2);
  });

  it('renews a token in the last minute of its life', async () => {
    expect(await client.token('orders')).toBe('token-1');
    nowMs += 539_000;
    expect(await client.token('orders')).toBe('token-1');
    nowMs += 1_000;
    expect(await client.token('orders')).toBe('token-2');
  });

  it('uses a token to its end while the issuer is away, and then says that it is away', async () => {
    await client.token('orders');
    issuer.tokenEndpoint = () => ({ status: 503, body: {} });
    nowMs += 599_000;
    expect(await client.token('orders')).toBe('token-1');
    await issuer.stop();
    expect(await client.token('orders')).toBe('token-1');
    nowMs += 1_000;
    await expect(client.token('orders')).rejects.toMatchObject({ name: 'Failure', kind: 'transient' });
  });

  it('asks anew after a failure', async () => {
    const answer = issuer.tokenEndpoint;
    issuer.tokenEndpoint = () => ({ status: 500, body: {} });
    await expect(client.token('orders')).rejects.toMatchObject({ kind: 'transient' });
    issuer.tokenEndpoint = answer;
    expect(await client.token('orders')).toBe('token-1');
  });

  it.each([
    [401, { error: 'invalid_client', error_description: 'unknown client' }, 'unauthorised'],
    [400, { error: 'invalid_target' }, 'forbidden'],
    [404, 'no such page', 'unauthorised'],
    [200, { access_token: '' }, 'unexpected'],
  ])('tells a refusal with status %i and body %j as %s', async (status, body, kind) => {
    issuer.tokenEndpoint = () => ({ status, body });
    await expect(client.token('orders')).rejects.toMatchObject({ name: 'Failure', kind });
  });
});
