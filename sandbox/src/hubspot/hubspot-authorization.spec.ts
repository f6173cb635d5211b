import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { HubSpotPortalCreated } from '../control/hubspot-control.schema.ts';
import { hubSpotBench, redirectUri, refusalOf, type HubSpotBench } from './hubspot.fixture.ts';

let bench: HubSpotBench;
let portal: HubSpotPortalCreated;

beforeAll(async () => {
  bench = await hubSpotBench();
});
afterAll(async () => {
  await bench.stop();
});
beforeEach(async () => {
  await bench.clean();
  portal = await bench.control.createHubSpotPortal({ redirectUris: [redirectUri] });
});

async function post(path: string, form: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const client = { client_id: portal.clientId, client_secret: portal.clientSecret };
  const answer = await fetch(`${bench.url}${path}`, { method: 'POST', body: new URLSearchParams({ ...client, ...form }) });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}
const exchange = (back: URL, more: Record<string, string> = {}) =>
  post('/oauth/v3/token', { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '', redirect_uri: redirectUri, ...more });

describe('the page on which a HubSpot app is installed', () => {
  it('sends the person back with a code and the state, and the code gives tokens for that portal', async () => {
    const back = await bench.approve(portal);
    expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([redirectUri, 's-1']);
    expect(await exchange(back)).toMatchObject({ status: 200, body: { hub_id: portal.portalId, scopes: ['oauth', 'crm.objects.deals.read'] } });
  });

  it('sends a person who denies back with an error, and without a code', async () => {
    await bench.control.setConsent('hubspot', { decision: 'deny' });
    const back = await bench.approve(portal);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state: 's-1' });
    expect(back.searchParams.has('code')).toBe(false);
  });

  it('says on the page itself that an address is not registered, an app unknown, a scope unknown or beyond the account', async () => {
    await expect(bench.approve(portal, { redirect_uri: 'https://app.example/elsewhere' })).rejects.toThrow("doesn't match the app's registered redirect URL");
    await expect(bench.approve(portal, { client_id: 'nobody' })).rejects.toThrow('invalid application client_id');
    await expect(bench.approve(portal, { scope: 'everything' })).rejects.toThrow('invalid scope name');
    await bench.control.setConsent('hubspot', { withheldScopes: ['crm.objects.deals.read'] });
    await expect(bench.approve(portal)).rejects.toThrow('lacks access to the required scopes [crm.objects.deals.read]');
  });

  it('leaves out an optional scope that the account lacks, and calls that need it are refused', async () => {
    await bench.control.setConsent('hubspot', { withheldScopes: ['crm.objects.deals.write'] });
    const answer = await exchange(await bench.approve(portal, { optional_scope: 'crm.objects.deals.write crm.objects.contacts.read' }));
    expect(answer.body).toMatchObject({ scopes: ['oauth', 'crm.objects.deals.read', 'crm.objects.contacts.read'] });
    const { access_token: token } = answer.body as { access_token: string };
    const hubspot = bench.clientFor(token);
    expect((await hubspot.crm.deals.basicApi.getPage()).results).toEqual([]);
    expect(await refusalOf(hubspot.crm.deals.basicApi.archive('1'))).toMatchObject({
      code: 403,
      body: { category: 'MISSING_SCOPES', errors: [{ context: { requiredGranularScopes: ['crm.objects.deals.write'] } }] },
    });
  });

  it('lets the person choose among the portals of an app', async () => {
    const other = await bench.control.createHubSpotPortal({ clientId: portal.clientId });
    await bench.control.setConsent('hubspot', { account: String(other.portalId) });
    expect(await exchange(await bench.approve(portal))).toMatchObject({ body: { hub_id: other.portalId } });
  });
});

describe('a code of HubSpot', () => {
  it('is refused with another address, without its verifier, or when it is too old', async () => {
    const verifier = 'a-verifier-of-forty-three-characters-or-more-1';
    const asked = { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' };
    const back = await bench.approve(portal, asked);
    expect(await exchange(back, { redirect_uri: 'https://app.example/elsewhere' })).toMatchObject({ status: 400, body: { status: 'BAD_REDIRECT_URI' } });
    expect(await exchange(back)).toMatchObject({ status: 400, body: { status: 'BAD_CODE_VERIFIER' } });
    expect((await exchange(back, { code_verifier: verifier })).status).toBe(200);
    const late = await bench.approve(portal);
    await bench.control.addFault('hubspot', { kind: 'expire-code' });
    expect(await exchange(late)).toMatchObject({ status: 400, body: { status: 'BAD_AUTH_CODE', error: 'invalid_grant' } });
  });
});

describe('asking about and revoking tokens of HubSpot', () => {
  it('tells portal and scopes of a live token, and of a revoked one only that it is not active', async () => {
    const introspect = (token: string) => post('/oauth/v3/token/introspect', { token });
    expect(await introspect(portal.accessToken)).toMatchObject({ body: { active: true, token_use: 'access_token', hub_id: portal.portalId } });
    expect(await introspect(portal.refreshToken)).toMatchObject({ body: { active: true, token_use: 'refresh_token' } });
    expect((await post('/oauth/v3/token/revoke', { token: portal.refreshToken })).status).toBe(200);
    expect(await introspect(portal.refreshToken)).toEqual({ status: 200, body: { active: false } });
    expect(await post('/oauth/v3/token', { grant_type: 'refresh_token', refresh_token: portal.refreshToken })).toMatchObject({
      status: 400, body: { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' },
    });
  });
});
