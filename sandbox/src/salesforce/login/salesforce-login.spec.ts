import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Connection } from 'jsforce';
import type { SalesforceOrgCreated } from '../../control/salesforce-control.schema.ts';
import { startSandboxBench, type SandboxBench } from '../../sandbox-bench.fixture.ts';

let bench: SandboxBench;

beforeAll(async () => {
  bench = await startSandboxBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const redirectUri = 'https://app.example/back';

/** The login server at this path of the sandbox: none for production, `/test`, or `/domains/<name>`. */
function loginAt(path: string, org: SalesforceOrgCreated) {
  const login = `${bench.sandboxUrl}/salesforce${path}/services/oauth2`;
  const client = { client_id: org.clientId, client_secret: org.clientSecret };
  const post = async (name: string, form: Record<string, string>): Promise<{ status: number; body: Record<string, string> }> => {
    const answer = await fetch(`${login}/${name}`, { method: 'POST', body: new URLSearchParams({ ...client, ...form }) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, string>) };
  };
  return {
    open: (more: Record<string, string> = {}): Promise<URL> => {
      const asked = { response_type: 'code', client_id: org.clientId, redirect_uri: redirectUri, scope: 'api refresh_token', state: 's-1', ...more };
      return bench.control.openAuthorizationPage(`${login}/authorize?${new URLSearchParams(asked).toString()}`);
    },
    exchange: (back: URL, more: Record<string, string> = {}) =>
      post('token', { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '', redirect_uri: redirectUri, ...more }),
    refresh: (token: string) => post('token', { grant_type: 'refresh_token', refresh_token: token }),
    revoke: (token: string) => post('revoke', { token }),
    introspect: (token: string) => post('introspect', { token }),
    userInfo: async (token: string) => {
      const answer = await fetch(`${login}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
      return { status: answer.status, text: await answer.text() };
    },
  };
}

describe('the page on which an app is let into a Salesforce org', () => {
  it('sends the person back with a code for one org, whose tokens name the org and the user', async () => {
    const org = await bench.control.createSalesforceOrg({ redirectUris: [redirectUri] });
    const login = loginAt('', org);
    const back = await login.open();
    expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([redirectUri, 's-1']);
    const { body } = await login.exchange(back);
    expect(body).toMatchObject({ scope: 'api refresh_token', instance_url: org.instanceUrl, token_type: 'Bearer' });
    expect(body['id']).toContain(`/id/${org.orgId}/`);
    expect(JSON.parse((await login.userInfo(body['access_token'] ?? '')).text)).toMatchObject({ organization_id: org.orgId, sub: body['id'] });
    const identity = await fetch(body['id'] ?? '', { headers: { authorization: `Bearer ${body['access_token'] ?? ''}` } });
    expect(await identity.json()).toMatchObject({ organization_id: org.orgId, id: body['id'] });
  });

  it('tells the app that the person denied, or that a scope is not allowed', async () => {
    const login = loginAt('', await bench.control.createSalesforceOrg());
    await bench.control.setConsent('salesforce', { decision: 'deny' });
    expect((await login.open()).searchParams.get('error')).toBe('access_denied');
    await bench.control.setConsent('salesforce', { withheldScopes: ['refresh_token'] });
    expect((await login.open()).searchParams.get('error')).toBe('invalid_scope');
  });

  it('stays on the page for an unknown app and an address that is not registered', async () => {
    const login = loginAt('', await bench.control.createSalesforceOrg({ redirectUris: [redirectUri] }));
    await expect(login.open({ client_id: 'nobody' })).rejects.toThrow('invalid_client_id');
    await expect(login.open({ redirect_uri: 'https://app.example/elsewhere' })).rejects.toThrow('redirect_uri_mismatch');
  });

  it('gives no refresh token when none was asked for', async () => {
    const login = loginAt('', await bench.control.createSalesforceOrg());
    expect((await login.exchange(await login.open({ scope: 'api' }))).body).not.toHaveProperty('refresh_token');
  });

  it('takes a code once, at its address, with its verifier and in time', async () => {
    const login = loginAt('', await bench.control.createSalesforceOrg());
    const verifier = 'a-verifier-of-forty-three-characters-or-more-1';
    const back = await login.open({ code_challenge: createHash('sha256').update(verifier).digest('base64url') });
    expect((await login.exchange(back, { redirect_uri: 'https://app.example/elsewhere' })).body).toMatchObject({ error: 'redirect_uri_mismatch' });
    expect((await login.exchange(back)).body).toMatchObject({ error_description: 'invalid code verifier' });
    expect((await login.exchange(back, { code_verifier: verifier })).status).toBe(200);
    expect((await login.exchange(back, { code_verifier: verifier })).body).toMatchObject({ error_description: 'invalid authorization code' });
    const late = await login.open();
    await bench.control.addFault('salesforce', { kind: 'expire-code' });
    expect((await login.exchange(late)).body).toMatchObject({ error: 'invalid_grant', error_description: 'expired authorization code' });
  });
});

describe('login servers of Salesforce', () => {
  it('keep sandboxes and production apart: neither knows the other’s apps, codes and tokens', async () => {
    const org = await bench.control.createSalesforceOrg({ kind: 'sandbox' });
    await expect(loginAt('', org).open()).rejects.toThrow('invalid_client_id');
    const back = await loginAt('/test', org).open();
    expect((await loginAt('', org).exchange(back)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await loginAt('', org).refresh(org.refreshToken)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await loginAt('/test', org).refresh(org.refreshToken)).status).toBe(200);
  });

  it('include an org’s own domain, which also serves its interface, and no other org’s', async () => {
    const org = await bench.control.createSalesforceOrg({ myDomain: 'tea-house' });
    const other = await bench.control.createSalesforceOrg({ myDomain: 'coffee-house' });
    expect(org.instanceUrl).toBe(`${bench.sandboxUrl}/salesforce/domains/tea-house`);
    const login = loginAt('/domains/tea-house', org);
    const { body } = await login.exchange(await login.open());
    const salesforce = new Connection({ instanceUrl: body['instance_url'] ?? '', accessToken: body['access_token'] ?? '', version: '62.0' });
    expect((await salesforce.query('SELECT Id FROM Contact')).totalSize).toBe(0);
    const astray = new Connection({ instanceUrl: org.instanceUrl, accessToken: other.accessToken, version: '62.0' });
    await expect(astray.query('SELECT Id FROM Contact')).rejects.toMatchObject({ errorCode: 'INVALID_SESSION_ID' });
  });
});

describe('asking about and revoking tokens of Salesforce', () => {
  it('tells a live token from one that is not, and revoking a refresh token ends its sessions', async () => {
    const org = await bench.control.createSalesforceOrg();
    const login = loginAt('', org);
    expect((await login.introspect(org.accessToken)).body).toMatchObject({ active: true, scope: 'api refresh_token', token_type: 'access_token' });
    expect((await login.revoke(org.refreshToken)).status).toBe(200);
    expect((await login.introspect(org.accessToken)).body).toEqual({ active: false });
    expect(await login.userInfo(org.accessToken)).toEqual({ status: 403, text: 'Bad_OAuth_Token' });
    expect((await login.refresh(org.refreshToken)).body).toEqual({ error: 'invalid_grant', error_description: 'expired access/refresh token' });
    expect(await login.revoke(org.refreshToken)).toMatchObject({ status: 400, body: { error: 'invalid_token' } });
  });
});

describe('what an org of Salesforce allows', () => {
  it('changes with its edition and its user’s rights, and the org says so', async () => {
    const org = await bench.control.createSalesforceOrg({ edition: 'Professional Edition' });
    const salesforce = new Connection({ instanceUrl: org.instanceUrl, accessToken: org.accessToken, version: '62.0' });
    const about = (): Promise<Record<string, unknown>[]> =>
      salesforce.query<Record<string, unknown>>('SELECT Id, OrganizationType, IsSandbox FROM Organization LIMIT 1').then(({ records }) => records);
    expect(await about()).toMatchObject([{ Id: org.orgId, OrganizationType: 'Professional Edition', IsSandbox: false }]);
    const typeNames = async (): Promise<string[]> => (await salesforce.describeGlobal()).sobjects.map(({ name }) => name);
    expect(await typeNames()).toContain('ApexPage');
    await bench.control.changeSalesforceOrg(org.orgId, {
      visualforce: false, externalIdFields: false, permissions: { modifyMetadata: false },
      objectRights: { Contact: { createable: false }, Opportunity: { queryable: false } },
    });
    expect(await typeNames()).toEqual(['Account', 'Contact', 'OpportunityContactRole']);
    const contact = await salesforce.sobject('Contact').describe();
    expect([contact.createable, contact.updateable, contact.fields.some(({ externalId }) => externalId)]).toEqual([false, true, false]);
    await expect(salesforce.sobject('Contact').create({ LastName: 'L' })).rejects.toMatchObject({ errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY' });
    const { records } = await salesforce.query(`SELECT PermissionSet.PermissionsApiEnabled, PermissionSet.PermissionsModifyMetadata FROM PermissionSetAssignment WHERE AssigneeId = '005000000000001'`);
    expect(records).toMatchObject([{ PermissionSet: { PermissionsApiEnabled: true, PermissionsModifyMetadata: false } }]);
    await bench.control.changeSalesforceOrg(org.orgId, { apiEnabled: false });
    await expect(about()).rejects.toMatchObject({ errorCode: 'API_DISABLED_FOR_ORG' });
  });
});
