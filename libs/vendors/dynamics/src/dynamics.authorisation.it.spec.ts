import { createHash, randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { DynamicsAuthorisation } from './dynamics.authorisation.ts';
import { dynamicsScopes } from './dynamics.scopes.ts';

const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
const signal = AbortSignal.timeout(60_000);
const party = { tenantId: randomUUID(), connectionId: randomUUID(), signal };
const redirectUri = 'https://hub.example/oauth/callback';
const codeVerifier = 'v'.repeat(64);
const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');

let sandbox: Sandbox;
let control: SandboxControl;
let environment: Awaited<ReturnType<SandboxControl['createDynamicsEnvironment']>>;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
  environment = await control.createDynamicsEnvironment({ redirectUri });
});
afterAll(async () => {
  await http.close();
  await sandbox.stop();
});

function authorisation(clientSecret = environment.clientSecret, domains = ['127.0.0.1']): DynamicsAuthorisation {
  return new DynamicsAuthorisation(http, {
    dynamicsLoginUrl: `${sandbox.url}/dynamics`, dynamicsEnvironmentDomains: domains, dynamicsClientId: environment.clientId, dynamicsClientSecret: clientSecret,
  });
}

const settings = (): Record<string, unknown> => ({ environmentUrl: environment.environmentUrl });
const connection = (more: Record<string, unknown> = {}): Connection => ({
  id: party.connectionId, tenantId: party.tenantId, vendor: 'dynamics', accountId: environment.orgId, settings: more, endpoint: environment.environmentUrl,
  state: 'healthy', stateSince: new Date(),
});
const ownApp = () => ({ client_id: environment.ownClientId, client_secret: environment.ownClientSecret });
const consent = async (): Promise<string> => (await control.openAuthorizationPage(
  authorisation().consent.authorizationUrl({ redirectUri, state: 's', codeChallenge, settings: settings() }))).searchParams.get('code') ?? '';
const exchange = (code: string) => authorisation().consent.exchangeCode(party, { code, redirectUri, codeVerifier, callbackParameters: {}, settings: settings() });

describe('connecting an environment of Dynamics', () => {
  it('by consent tells which organisation it is and which scopes were given', async () => {
    const code = await consent();
    const grant = await exchange(code);
    expect(grant).toMatchObject({ accountId: environment.orgId, endpoint: environment.environmentUrl, tokens: { expiresInSeconds: 3599, refreshToken: expect.any(String) } });
    for (const { name } of dynamicsScopes) expect(grant.grantedScopes).toContain(name);
    await expect(exchange(code)).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('by the credentials of the tenant’s own app wants them and the directory, and says what an administrator has to do', async () => {
    const authorise = (more: Record<string, unknown>, credentials: Record<string, string> = ownApp()) =>
      authorisation().credentials.authorise(party, { credentials, settings: { ...settings(), ...more } });
    const directoryId = environment.tenantId;
    const grant = await authorise({ directoryId });
    expect(grant).toMatchObject({ accountId: environment.orgId, settings: { grantType: 'client_credentials' }, secrets: ownApp() });
    expect(grant.tokens).not.toHaveProperty('refreshToken');
    await expect(authorise({})).rejects.toMatchObject({ kind: 'invalid', pointer: '/settings/directoryId' });
    await expect(authorise({ directoryId: 'contoso' })).rejects.toMatchObject({ kind: 'invalid', pointer: '/settings/directoryId' });
    await expect(authorise({ directoryId: randomUUID() })).rejects.toMatchObject({ kind: 'unauthorised', message: expect.stringContaining('administrator') });
    await expect(authorise({ directoryId }, { client_id: environment.ownClientId })).rejects.toMatchObject({ kind: 'invalid', pointer: '/credentials/client_secret' });
    await expect(authorise({ directoryId }, { ...ownApp(), client_secret: 'wrong' })).rejects.toMatchObject({ kind: 'unauthorised', message: expect.stringContaining('make a new one') });
  });

  it('does not take the installation’s app for a proof that an environment is the caller’s', async () => {
    const credentials = { client_id: environment.clientId, client_secret: environment.clientSecret };
    await expect(authorisation().credentials.authorise(party, { credentials, settings: { ...settings(), directoryId: environment.tenantId } }))
      .rejects.toMatchObject({ kind: 'invalid', pointer: '/credentials/client_id' });
  });

  it.each(['http://127.0.0.1.evil.example', 'https://evil.example/127.0.0.1', 'no address', undefined])('calls no address that is none of Dynamics’: %p', (environmentUrl) => {
    expect(() => authorisation().consent.authorizationUrl({ redirectUri, state: 's', codeChallenge, settings: { environmentUrl } })).toThrow(/environmentUrl/);
  });
});

describe('a connection to Dynamics', () => {
  it('is renewed with another refresh token each time, and looked at', async () => {
    const renewed = await authorisation().refresh(connection(), environment.refreshToken, signal);
    expect(renewed.refreshToken).not.toBe(environment.refreshToken);
    await expect(authorisation().probe(connection(), { access_token: renewed.accessToken }, signal)).resolves.toBeUndefined();
    expect((await authorisation().refresh(connection(), renewed.refreshToken, signal)).accessToken).not.toBe(renewed.accessToken);
  });

  it('by the tenant’s own app is renewed without a refresh token, until the app is taken out', async () => {
    const own = connection({ grantType: 'client_credentials', directoryId: environment.tenantId });
    const { accessToken } = await authorisation().refresh(own, undefined, signal, ownApp());
    await control.changeDynamicsEnvironment(environment.orgId, { hasApplicationUser: false });
    await expect(authorisation().refresh(own, undefined, signal, ownApp())).rejects.toMatchObject({ kind: 'unauthorised' });
    await control.changeDynamicsEnvironment(environment.orgId, { hasApplicationUser: true });
    await expect(authorisation().refresh(own, undefined, signal)).rejects.toMatchObject({ kind: 'unauthorised' });
    await expect(authorisation().probe(own, { access_token: accessToken }, signal)).resolves.toBeUndefined();
    await expect(authorisation().probe(own, { access_token: 'old' }, signal)).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('asks for a person where the grant is refused, and for nobody where the installation or the moment is at fault', async () => {
    const own = await control.createDynamicsEnvironment({ clientId: environment.clientId });
    const ofOwn = { ...connection(), accountId: own.orgId, endpoint: own.environmentUrl };
    await expect(authorisation('wrong').refresh(ofOwn, own.refreshToken, signal)).rejects.toMatchObject({ kind: 'unexpected' });
    await control.addFault('dynamics', { kind: 'status', status: 503, pathPattern: '/token$' });
    await expect(authorisation().refresh(ofOwn, own.refreshToken, signal)).rejects.toMatchObject({ kind: 'transient' });
    await control.clearFaults('dynamics');
    await control.addFault('dynamics', { kind: 'revoke-token', account: own.orgId });
    await expect(authorisation().refresh(ofOwn, own.refreshToken, signal)).rejects.toMatchObject({ kind: 'unauthorised' });
    await expect(authorisation().refresh(ofOwn, undefined, signal)).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('cannot be taken back at Microsoft, nor does ending it need an environment that lets it in', async () => {
    for (const secrets of [{}, { access_token: 'old', refresh_token: 'old' }]) expect(await authorisation().revoke(connection(), secrets, signal)).toBe('not_offered');
    const { endpoint: _, ...lost } = connection();
    expect(await authorisation().revoke(lost, {}, signal)).toBe('not_offered');
  });
});
