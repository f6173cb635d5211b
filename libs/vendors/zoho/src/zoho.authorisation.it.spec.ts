import { randomUUID } from 'node:crypto';
import type { Connection, Grant } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { ZohoApp } from './zoho.app.ts';
import { ZohoAuthorisation } from './zoho.authorisation.ts';

const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
const signal = AbortSignal.timeout(60_000);
const redirectUri = 'https://hub.example/oauth/callback';
const party = { tenantId: randomUUID(), connectionId: randomUUID(), signal };

let sandbox: Sandbox;
let control: SandboxControl;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
});
afterAll(async () => {
  await http.close();
  await sandbox.stop();
});
beforeEach(() => control.reset());

type Org = Awaited<ReturnType<SandboxControl['createZohoOrg']>>;

const authorisationFor = (org: Org, secrets: Pick<ZohoApp, 'zohoClientSecret' | 'zohoClientSecrets'> = { zohoClientSecret: org.clientSecret }): ZohoAuthorisation => new ZohoAuthorisation(http, {
  zohoClientId: org.clientId, ...secrets, zohoAccountsUrl: `${sandbox.url}/zoho/accounts/{location}`,
});

/** What comes back to the hub when a person agreed. */
async function agree(authorisation: ZohoAuthorisation, settings: Record<string, unknown> = {}): Promise<Record<string, string>> {
  const url = authorisation.consent.authorizationUrl({ redirectUri, state: 's-1', codeChallenge: 'unused', settings });
  return Object.fromEntries((await control.openAuthorizationPage(url)).searchParams);
}

async function connect(org: Org, settings: Record<string, unknown> = {}): Promise<{ authorisation: ZohoAuthorisation; grant: Grant; connection: Connection }> {
  const authorisation = authorisationFor(org);
  const callbackParameters = await agree(authorisation, settings);
  const grant = await authorisation.consent.exchangeCode(party, { code: callbackParameters['code'] ?? '', redirectUri, codeVerifier: 'unused', callbackParameters, settings });
  const connection: Connection = {
    id: party.connectionId, tenantId: party.tenantId, vendor: 'zoho', accountId: grant.accountId, settings: { ...grant.settings }, state: 'healthy', stateSince: new Date(),
  };
  return { authorisation, grant, connection };
}

describe('connecting a Zoho organisation', () => {
  it.each(['us', 'eu', 'in', 'au', 'jp', 'ca', 'sa', 'uk'] as const)('of the data centre %s needs no choice by the person', async (location) => {
    const org = await control.createZohoOrg({ location, edition: 'professional', users: 7, currency: 'USD' });
    const { grant, authorisation, connection } = await connect(org);
    expect(grant).toMatchObject({
      accountId: org.orgId, settings: { location, apiDomain: org.apiUrl, companyCurrency: 'USD', edition: 'professional', users: 7 },
      tokens: { expiresInSeconds: 3_600, refreshToken: expect.any(String) }, grantedScopes: authorisation.scopes.map(({ name }) => name),
    });
    await expect(authorisation.probe(connection, { access_token: grant.tokens?.accessToken }, signal)).resolves.toBeUndefined();
    const renewed = await authorisation.refresh(connection, grant.tokens?.refreshToken, signal);
    expect(renewed.accessToken).not.toBe(grant.tokens?.accessToken);
  });

  it('of China begins in China', async () => {
    const org = await control.createZohoOrg({ location: 'cn' });
    expect((await connect(org, { location: 'cn' })).grant.settings).toMatchObject({ location: 'cn' });
  });

  it('is refused for a data centre that Zoho does not have', () => {
    const authorisation = new ZohoAuthorisation(http, { zohoClientId: 'id', zohoClientSecret: 'secret' });
    expect(() => authorisation.consent.authorizationUrl({ redirectUri, state: 's', codeChallenge: 'c', settings: { location: 'moon' } }))
      .toThrow(expect.objectContaining({ kind: 'invalid', pointer: '/settings/location' }));
  });

  it.each([
    ['another server', { 'accounts-server': 'https://accounts.evil.example' }],
    ['the server of another data centre', { location: 'eu' }],
    ['no data centre at all', { location: '' }],
  ])('never sends code and secret where a forged callback wants them: %s', async (_, forged) => {
    const org = await control.createZohoOrg();
    const authorisation = authorisationFor(org);
    const callbackParameters = { ...await agree(authorisation), ...forged };
    await expect(authorisation.consent.exchangeCode(party, { code: 'code', redirectUri, codeVerifier: 'unused', callbackParameters, settings: {} }))
      .rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is refused for a code that was used', async () => {
    const org = await control.createZohoOrg();
    const authorisation = authorisationFor(org);
    const callbackParameters = await agree(authorisation);
    const exchange = () => authorisation.consent.exchangeCode(party, { code: callbackParameters['code'] ?? '', redirectUri, codeVerifier: 'unused', callbackParameters, settings: {} });
    await exchange();
    await expect(exchange()).rejects.toMatchObject({ kind: 'unauthorised' });
  });
});

describe('the tokens of a Zoho organisation', () => {
  it('ask for a person only where the refresh token itself is refused, though Zoho says so with 200', async () => {
    const { authorisation, connection, grant } = await connect(await control.createZohoOrg());
    await expect(authorisation.refresh(connection, 'no-such-token', signal)).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(await authorisation.revoke(connection, { refresh_token: grant.tokens?.refreshToken }, signal)).toBe('revoked');
    await expect(authorisation.refresh(connection, grant.tokens?.refreshToken, signal)).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(await authorisation.revoke(connection, { refresh_token: grant.tokens?.refreshToken }, signal)).toBe('revoked');
    await expect(authorisation.probe(connection, { access_token: grant.tokens?.accessToken }, signal)).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('take a wrong client secret for a fault of this installation, and an outage for something that passes', async () => {
    const org = await control.createZohoOrg();
    const { connection } = await connect(org);
    await expect(authorisationFor(org, { zohoClientSecret: 'wrong' }).refresh(connection, org.refreshToken, signal)).rejects.toMatchObject({ kind: 'unexpected' });
    await control.addFault('zoho', { kind: 'status', status: 503 });
    await expect(authorisationFor(org).refresh(connection, org.refreshToken, signal)).rejects.toMatchObject({ kind: 'transient' });
  });

  it('are asked for with the secret that the app has at that data centre', async () => {
    const org = await control.createZohoOrg({ location: 'eu' });
    const { connection } = await connect(org);
    const authorisation = authorisationFor(org, { zohoClientSecret: 'that of the United States', zohoClientSecrets: { eu: org.clientSecret } });
    await expect(authorisation.refresh(connection, org.refreshToken, signal)).resolves.toMatchObject({ expiresInSeconds: 3_600 });
  });

  it('wait when too many were asked for', async () => {
    const org = await control.createZohoOrg();
    const { authorisation, connection } = await connect(org);
    for (let time = 0; time < 10; time += 1) await authorisation.refresh(connection, org.refreshToken, signal);
    await expect(authorisation.refresh(connection, org.refreshToken, signal)).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 600_000 });
  });
});
