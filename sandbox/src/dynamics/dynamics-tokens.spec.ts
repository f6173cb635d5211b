import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordOf } from '../sandbox-bench.fixture.ts';
import { dynamicsBench, type DynamicsBench } from './dynamics.fixture.ts';

let bench: DynamicsBench;

beforeAll(async () => {
  bench = await dynamicsBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const redirectUri = 'https://hub.example/oauth/callback';
const verifier = 'v'.repeat(64);

async function token(tenant: string, form: Record<string, string>) {
  const answer = await fetch(`${bench.url}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: answer.status, body: recordOf(await answer.json()) };
}

describe('Microsoft Entra', () => {
  it('gives a code for the environment that the scope names, which works once and with its verifier', async () => {
    const { environment, call } = await bench.environmentWithCaller({ redirectUri });
    const query = new URLSearchParams({
      client_id: environment.clientId, response_type: 'code', redirect_uri: redirectUri, scope: `${environment.environmentUrl}/.default offline_access`, state: 's',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
    });
    const page = await fetch(`${bench.url}/organizations/oauth2/v2.0/authorize?${query.toString()}`, { redirect: 'manual' });
    const back = new URL(page.headers.get('location') ?? '').searchParams;
    expect(back.get('state')).toBe('s');
    const form = {
      grant_type: 'authorization_code', client_id: environment.clientId, client_secret: environment.clientSecret, code: back.get('code') ?? '', redirect_uri: redirectUri,
    };
    expect(await token(environment.tenantId, { ...form, code_verifier: 'wrong' })).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_codes: [501481] } });
    const given = await token(environment.tenantId, { ...form, code_verifier: verifier });
    expect(given).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3599, refresh_token: expect.any(String) } });
    expect(await token(environment.tenantId, { ...form, code_verifier: verifier })).toMatchObject({ status: 400, body: { error_codes: [54005], error_description: expect.stringContaining('AADSTS54005') } });
    expect((await call('GET', 'WhoAmI', undefined, { authorization: `Bearer ${String(given.body['access_token'])}` })).body).toMatchObject({ OrganizationId: environment.orgId });
    await bench.control.setConsent('dynamics', { decision: 'deny' });
    const denied = await fetch(`${bench.url}/organizations/oauth2/v2.0/authorize?${query.toString()}`, { redirect: 'manual' });
    expect(new URL(denied.headers.get('location') ?? '').searchParams.get('error')).toBe('access_denied');
  });

  it('gives another refresh token each time, until an administrator revokes them', async () => {
    const { environment } = await bench.environmentWithCaller();
    const form = { grant_type: 'refresh_token', client_id: environment.clientId, client_secret: environment.clientSecret };
    const renewed = await token('organizations', { ...form, refresh_token: environment.refreshToken });
    expect(renewed.body['refresh_token']).not.toBe(environment.refreshToken);
    expect((await token('organizations', { ...form, refresh_token: environment.refreshToken })).status).toBe(200);
    await bench.control.addFault('dynamics', { kind: 'revoke-token', account: environment.orgId });
    expect(await token('organizations', { ...form, refresh_token: String(renewed.body['refresh_token']) })).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_codes: [50173] } });
    expect(await token('organizations', { ...form, client_secret: 'wrong', refresh_token: 'x' })).toMatchObject({ status: 401, body: { error: 'invalid_client', error_codes: [7000215] } });
  });

  it('lets the app act for itself where the environment has a user for it', async () => {
    const { environment, call } = await bench.environmentWithCaller();
    const form = (of: typeof environment) => ({ grant_type: 'client_credentials', client_id: of.clientId, client_secret: of.clientSecret, scope: `${of.environmentUrl}/.default` });
    const given = await token(environment.tenantId, form(environment));
    expect(given.body).not.toHaveProperty('refresh_token');
    expect((await call('GET', 'WhoAmI', undefined, { authorization: `Bearer ${String(given.body['access_token'])}` })).status).toBe(200);
    expect((await token('another-tenant', form(environment))).body).toMatchObject({ error_codes: [90002] });
    const closed = await bench.environmentWithCaller({ hasApplicationUser: false });
    expect((await token(closed.environment.tenantId, form(closed.environment))).status).toBe(400);
  });

  it('lets nobody in with a token that has run out', async () => {
    const { environment, call } = await bench.environmentWithCaller();
    await bench.control.addFault('dynamics', { kind: 'expire-token', account: environment.orgId });
    expect((await call('GET', 'WhoAmI')).status).toBe(401);
  });
});

describe('the limits of Dataverse', () => {
  it('are told in headers, and by 429 with the time to wait', async () => {
    const { call } = await bench.environmentWithCaller();
    expect((await call('GET', 'WhoAmI')).headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe('5999');
    await bench.control.addFault('dynamics', { kind: 'rate-limit', retryAfterSeconds: 7 });
    const refused = await call('GET', 'WhoAmI');
    expect([refused.status, refused.headers.get('retry-after'), refused.body]).toMatchObject([429, '7', { error: { code: '0x80072322' } }]);
  });
});

describe('Dataverse webhooks', () => {
  it('carry the execution’s context and the key they were registered with, and come once more only after a gateway’s fault', async () => {
    const url = `${bench.receiver.url}/hook`;
    const { call, environment } = await bench.environmentWithCaller({ webhooks: [
      { url, auth: { kind: 'header', name: 'x-key', value: 'secret' } }, { url, auth: { kind: 'key', value: 'secret' } },
    ] });
    bench.receiver.answerWith((request) => (request < 2 ? 503 : 200));
    await call('POST', 'opportunities', { name: 'D' });
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received).toHaveLength(4);
    const [first] = bench.receiver.received;
    expect(JSON.parse(first?.body.toString() ?? '')).toMatchObject({
      MessageName: 'Create', PrimaryEntityName: 'opportunity', OrganizationId: environment.orgId, Depth: 1, OperationCreatedOn: expect.stringMatching(/^\/Date\(\d+\)\/$/),
    });
    expect(first?.headers).toMatchObject({ 'x-ms-dynamics-entity-name': 'opportunity', 'x-ms-dynamics-request-name': 'Create' });
    expect(bench.receiver.received.map(({ path, headers }) => headers['x-key'] ?? path).toSorted()).toEqual(['/hook?code=secret', '/hook?code=secret', 'secret', 'secret']);
    bench.receiver.answerWith(500);
    await call('POST', 'opportunities', { name: 'E' });
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received).toHaveLength(6);
  });
});
