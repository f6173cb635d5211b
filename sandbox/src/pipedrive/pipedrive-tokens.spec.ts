import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordOf } from '../sandbox-bench.fixture.ts';
import { pipedriveBench, type PipedriveBench } from './pipedrive.fixture.ts';

let bench: PipedriveBench;

beforeAll(async () => {
  bench = await pipedriveBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const redirectUri = 'https://hub.example/oauth/callback';

async function token(client: { clientId: string; clientSecret: string }, form: Record<string, string>) {
  const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
  const answer = await fetch(`${bench.url}/oauth/token`, { method: 'POST', headers: { authorization: `Basic ${basic}` }, body: new URLSearchParams(form) });
  return { status: answer.status, body: recordOf(await answer.json()) };
}

async function consent(clientId: string): Promise<URLSearchParams> {
  const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, state: 'the state' });
  return (await bench.control.openAuthorizationPage(`${bench.url}/oauth/authorize?${query.toString()}`)).searchParams;
}

describe('Pipedrive authorisation', () => {
  it('leads over the consent page to tokens and the company’s address; a code works once', async () => {
    const { company, call } = await bench.companyWithCaller({ redirectUri });
    const back = await consent(company.clientId);
    expect(back.get('state')).toBe('the state');
    const form = { grant_type: 'authorization_code', code: back.get('code') ?? '', redirect_uri: redirectUri };
    const { status, body } = await token(company, form);
    expect([status, body]).toMatchObject([200, { token_type: 'Bearer', expires_in: 3600, api_domain: company.apiDomain, scope: expect.stringContaining('deals:full') }]);
    expect((await call('GET', '/api/v1/users/me', undefined, { authorization: `Bearer ${String(body['access_token'])}` })).body)
      .toMatchObject({ data: { company_id: company.companyId, company_domain: company.domain } });
    expect(await token(company, form)).toMatchObject({ status: 400, body: { message: 'Invalid grant: authorization_code is invalid' } });
  });

  it('says when the person refuses, and refuses another address', async () => {
    const { company } = await bench.companyWithCaller({ redirectUri });
    await bench.control.setConsent('pipedrive', { decision: 'deny' });
    expect((await consent(company.clientId)).get('error')).toBe('user_denied');
    const query = new URLSearchParams({ client_id: company.clientId, redirect_uri: 'https://elsewhere.example/' });
    expect((await fetch(`${bench.url}/oauth/authorize?${query.toString()}`, { redirect: 'manual' })).status).toBe(400);
  });

  it('renews with the same refresh token, until it is revoked', async () => {
    const { company, call } = await bench.companyWithCaller();
    const form = { grant_type: 'refresh_token', refresh_token: company.refreshToken };
    expect(await token(company, form)).toMatchObject({ status: 200, body: { refresh_token: company.refreshToken } });
    expect(await token({ ...company, clientSecret: 'wrong' }, form)).toMatchObject({ status: 400, body: { message: 'Invalid client: client is invalid' } });
    const basic = Buffer.from(`${company.clientId}:${company.clientSecret}`).toString('base64');
    const revoked = await fetch(`${bench.url}/oauth/revoke`, { method: 'POST', headers: { authorization: `Basic ${basic}` }, body: new URLSearchParams({ token: company.refreshToken }) });
    expect(revoked.status).toBe(200);
    expect(await token(company, form)).toMatchObject({ status: 400, body: { message: 'Invalid grant: refresh_token is invalid' } });
    expect((await call('GET', '/v1/users/me')).status).toBe(401);
  });

  it('ends access tokens on demand while refreshing still works', async () => {
    const { company, call } = await bench.companyWithCaller();
    await bench.control.addFault('pipedrive', { kind: 'expire-token', account: company.domain });
    expect(await call('GET', '/v1/users/me')).toMatchObject({ status: 401, body: { success: false, errorCode: 401 } });
    expect((await token(company, { grant_type: 'refresh_token', refresh_token: company.refreshToken })).status).toBe(200);
  });

  it('holds an app to its scopes, and lets an API token do everything', async () => {
    const { company, call } = await bench.companyWithCaller({ scopes: ['base', 'contacts:read'] });
    expect(await call('POST', '/api/v2/persons', { name: 'Anna' })).toMatchObject({ status: 403, body: { error: 'Scope and URL mismatch' } });
    expect((await call('POST', '/api/v2/persons', { name: 'Anna' }, { 'x-api-token': company.apiToken })).status).toBe(200);
    expect((await call('GET', '/api/v2/persons', undefined, { 'x-api-token': 'wrong' })).status).toBe(401);
  });
});

describe('Pipedrive limits', () => {
  it('refuse the call too many of two seconds and say in headers what is left', async () => {
    const { company, call } = await bench.companyWithCaller({ enforceLimits: true });
    const headers = { 'x-api-token': company.apiToken };
    const answers = await Promise.all(Array.from({ length: 21 }, () => call('GET', '/v1/users/me', undefined, headers)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused?.headers.get('x-ratelimit-limit')).toBe('20');
    expect((await call('GET', '/v1/users/me')).headers.get('x-ratelimit-limit')).toBe('80');
  });

  it('count tokens by what a call costs, until the day is used up', async () => {
    const { call } = await bench.companyWithCaller({ enforceLimits: true, plan: 'ultimate' });
    expect((await call('GET', '/api/v2/deals')).headers.get('x-daily-ratelimit-token-remaining')).toBe('209990');
    expect((await call('GET', '/api/v2/deals/search?term=ab')).headers.get('x-daily-ratelimit-token-remaining')).toBe('209970');
    expect((await call('POST', '/api/v2/deals', { title: 'D' })).headers.get('x-daily-ratelimit-token-remaining')).toBe('209965');
  });
});
