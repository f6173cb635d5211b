import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { PipedriveAuthorisation } from './pipedrive.authorisation.ts';
import { pipedriveScopes } from './pipedrive.scopes.ts';

const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
const signal = AbortSignal.timeout(60_000);
const party = { tenantId: randomUUID(), connectionId: randomUUID(), signal };
const redirectUri = 'https://hub.example/oauth/callback';

let sandbox: Sandbox;
let control: SandboxControl;
let company: Awaited<ReturnType<SandboxControl['createPipedriveCompany']>>;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
  company = await control.createPipedriveCompany({ redirectUri });
});
afterAll(async () => {
  await http.close();
  await sandbox.stop();
});

function authorisation(clientSecret = company.clientSecret): PipedriveAuthorisation {
  const url = `${sandbox.url}/pipedrive`;
  return new PipedriveAuthorisation(http, { pipedriveOauthUrl: url, pipedriveCompanyUrl: url, pipedriveClientId: company.clientId, pipedriveClientSecret: clientSecret });
}

const connection = (settings: Connection['settings'] = {}): Connection => ({
  id: party.connectionId, tenantId: party.tenantId, vendor: 'pipedrive', accountId: '1', settings, endpoint: company.apiDomain, state: 'healthy', stateSince: new Date(),
});

async function consent(): Promise<string> {
  const url = authorisation().consent.authorizationUrl({ redirectUri, state: 's', codeChallenge: 'unused', settings: {} });
  const answer = await fetch(url, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
}
const exchange = async (code: string) => authorisation().consent.exchangeCode(party, { code, redirectUri, codeVerifier: 'unused', callbackParameters: {}, settings: {} });

describe('connecting a company of Pipedrive', () => {
  it('by consent tells which company it is, where its interface is, and that every scope was given', async () => {
    const grant = await exchange(await consent());
    expect(grant).toMatchObject({ accountId: String(company.companyId), accountName: company.domain, endpoint: company.apiDomain, tokens: { expiresInSeconds: 3600 } });
    for (const { name } of pipedriveScopes) expect(grant.grantedScopes).toContain(name);
  });

  it('refuses a code that has been used', async () => {
    const code = await consent();
    await exchange(code);
    await expect(exchange(code)).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('by API token asks for token and company, and refuses a wrong one', async () => {
    const authorise = (credentials: Record<string, string>, settings: Record<string, string> = { companyDomain: company.domain }) =>
      authorisation().credentials.authorise(party, { credentials, settings });
    expect(await authorise({ api_token: company.apiToken, webhook_secret: 'p' })).toMatchObject({
      accountId: String(company.companyId), settings: { tokenKind: 'api_token' }, tokens: { accessToken: company.apiToken }, secrets: { webhook_secret: 'p' },
    });
    await expect(authorise({})).rejects.toMatchObject({ kind: 'invalid', pointer: '/credentials/api_token' });
    await expect(authorise({ api_token: 'x' }, { companyDomain: 'evil.example/' })).rejects.toMatchObject({ kind: 'invalid', pointer: '/settings/companyDomain' });
    await expect(authorise({ api_token: 'x' })).rejects.toMatchObject({ kind: 'unauthorised' });
  });
});

describe('a connection to Pipedrive', () => {
  it('is renewed, looked at, and taken back', async () => {
    const own = await control.createPipedriveCompany({ clientId: company.clientId });
    const renewed = await authorisation().refresh(connection(), own.refreshToken, signal);
    expect(renewed).toMatchObject({ refreshToken: own.refreshToken, expiresInSeconds: 3600 });
    await expect(authorisation().probe(connection(), { access_token: renewed.accessToken }, signal)).resolves.toBeUndefined();
    expect(await authorisation().revoke(connection(), { refresh_token: own.refreshToken }, signal)).toBe('revoked');
    expect(await authorisation().revoke(connection(), { refresh_token: own.refreshToken }, signal)).toBe('revoked');
    await expect(authorisation().probe(connection(), { access_token: renewed.accessToken }, signal)).rejects.toMatchObject({ kind: 'unauthorised' });
    await expect(authorisation().refresh(connection(), own.refreshToken, signal)).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('by API token is looked at with its own header, and not taken back', async () => {
    await expect(authorisation().probe(connection({ tokenKind: 'api_token' }), { access_token: company.apiToken }, signal)).resolves.toBeUndefined();
    expect(await authorisation().revoke(connection({ tokenKind: 'api_token' }), {}, signal)).toBe('not_offered');
  });

  it('does not ask for a person where the installation or the moment is at fault', async () => {
    await expect(authorisation('wrong').refresh(connection(), company.refreshToken, signal)).rejects.toMatchObject({ kind: 'unexpected' });
    await control.addFault('pipedrive', { kind: 'status', status: 503 });
    await expect(authorisation().refresh(connection(), company.refreshToken, signal)).rejects.toMatchObject({ kind: 'transient' });
  });
});
