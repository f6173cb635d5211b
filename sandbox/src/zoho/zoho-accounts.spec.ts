import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ZohoOrgCreated } from '../control/zoho-control.schema.ts';
import { zohoBench, type ZohoBench } from './zoho.fixture.ts';

let bench: ZohoBench;
const redirectUri = 'https://app.example/back';

beforeAll(async () => {
  bench = await zohoBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

function open(org: ZohoOrgCreated, location: string, more: Record<string, string> = {}): Promise<URL> {
  const asked = {
    response_type: 'code', client_id: org.clientId, redirect_uri: redirectUri, scope: 'ZohoCRM.modules.ALL,ZohoCRM.org.READ',
    access_type: 'offline', prompt: 'consent', state: 's-1', ...more,
  };
  return bench.control.openAuthorizationPage(`${bench.url}/accounts/${location}/oauth/v2/auth?${new URLSearchParams(asked).toString()}`);
}
const codeForm = (back: URL): Record<string, string> => ({
  grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '', redirect_uri: redirectUri,
});

describe('letting an app into a Zoho organisation', () => {
  it.each(['us', 'eu', 'in', 'au', 'jp', 'ca'] as const)('starts in the United States and names the data centre %s, where alone the code is good', async (location) => {
    const org = await bench.control.createZohoOrg({ location });
    const back = await open(org, 'us');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ state: 's-1', location, 'accounts-server': org.accountsUrl });
    const elsewhere = `${bench.url}/accounts/${location === 'us' ? 'eu' : 'us'}`;
    expect(await bench.post(elsewhere, org, 'token', codeForm(back))).toEqual({ status: 200, body: { error: 'invalid_code' } });
    const answer = await bench.post(org.accountsUrl, org, 'token', codeForm(await open(org, 'us')));
    expect(answer).toMatchObject({
      status: 200, body: { api_domain: org.apiUrl, token_type: 'Bearer', expires_in: 3600, scope: 'ZohoCRM.modules.ALL ZohoCRM.org.READ', refresh_token: expect.any(String) },
    });
  });

  it('starts in China for organisations of China', async () => {
    const org = await bench.control.createZohoOrg({ location: 'cn' });
    await expect(open(org, 'us')).rejects.toThrow('ERROR_invalid_client');
    expect((await open(org, 'cn')).searchParams.get('location')).toBe('cn');
  });

  it('gives no refresh token to an app that did not ask for one, nor a second one without consent anew', async () => {
    const org = await bench.control.createZohoOrg();
    for (const asked of [{ access_type: 'online' }, { prompt: '' }]) {
      expect((await bench.post(org.accountsUrl, org, 'token', codeForm(await open(org, 'us', asked)))).body).not.toHaveProperty('refresh_token');
    }
  });

  it('takes a code once and in time, sends back who denies, and stays on the page for a wrong address', async () => {
    const org = await bench.control.createZohoOrg({ redirectUris: [redirectUri] });
    const back = await open(org, 'us');
    expect((await bench.post(org.accountsUrl, org, 'token', codeForm(back))).body).toHaveProperty('access_token');
    expect((await bench.post(org.accountsUrl, org, 'token', codeForm(back))).body).toEqual({ error: 'invalid_code' });
    const late = await open(org, 'us');
    await bench.control.addFault('zoho', { kind: 'expire-code' });
    expect((await bench.post(org.accountsUrl, org, 'token', codeForm(late))).body).toEqual({ error: 'invalid_code' });
    await expect(open(org, 'us', { redirect_uri: 'https://app.example/elsewhere' })).rejects.toThrow('ERROR_invalid_redirect_uri');
    await bench.control.setConsent('zoho', { decision: 'deny' });
    expect((await open(org, 'us')).searchParams.get('error')).toBe('access_denied');
  });
});

describe('tokens of Zoho', () => {
  const refresh = (org: ZohoOrgCreated) => bench.post(org.accountsUrl, org, 'token', { grant_type: 'refresh_token', refresh_token: org.refreshToken });

  it('are renewed by a refresh token that stays, ten times in ten minutes', async () => {
    const { org, call } = await bench.orgWithCaller();
    for (let time = 0; time < 10; time += 1) expect((await refresh(org)).body).not.toHaveProperty('refresh_token');
    expect(await refresh(org)).toMatchObject({ status: 400, body: { error: 'Access Denied' } });
    expect((await call('GET', 'org')).status).toBe(200);
  });

  it('are refused with 401 when they ran out, and a revoked refresh token is refused with 200 and an error', async () => {
    const { org, call } = await bench.orgWithCaller();
    await bench.control.addFault('zoho', { kind: 'expire-token', account: org.orgId });
    expect(await call('GET', 'org')).toMatchObject({ status: 401, body: { code: 'INVALID_TOKEN' } });
    expect((await bench.post(org.accountsUrl, org, 'token/revoke', { token: org.refreshToken })).body).toEqual({ status: 'success' });
    expect(await refresh(org)).toEqual({ status: 200, body: { error: 'invalid_code' } });
    expect(await bench.post(org.accountsUrl, { ...org, clientSecret: 'wrong' }, 'token', {})).toEqual({ status: 200, body: { error: 'invalid_client_secret' } });
  });

  it('are worth nothing at another data centre, and open only what their scopes name', async () => {
    const { org } = await bench.orgWithCaller({ location: 'eu', scopes: ['ZohoCRM.modules.contacts.READ'] });
    const get = async (location: string, path: string) => {
      const answer = await fetch(`${bench.url}/apis/${location}/crm/v8/${path}`, { headers: { authorization: `Zoho-oauthtoken ${org.accessToken}` } });
      return answer.status === 204 ? 204 : [answer.status, ((await answer.json()) as { code: string }).code];
    };
    expect(await get('eu', 'Contacts?fields=Email')).toBe(204);
    expect(await get('us', 'Contacts?fields=Email')).toEqual([401, 'INVALID_TOKEN']);
    expect(await get('eu', 'Deals?fields=Stage')).toEqual([401, 'OAUTH_SCOPE_MISMATCH']);
  });
});
