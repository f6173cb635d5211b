import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, discovery, randomPKCECodeVerifier, type Configuration } from 'openid-client';
import type { OpenIdApplicationCreated } from '../control/openid-control.schema.ts';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

const redirectUri = 'http://login.localhost/callback';
const state = 'a-state';

let bench: SandboxBench;
let application: OpenIdApplicationCreated;
let client: Configuration;
const cookies = new Map<string, string>();

beforeAll(async () => {
  bench = await startSandboxBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  await bench.clean();
  cookies.clear();
  application = await bench.control.registerOpenIdApplication();
  await bench.control.setOpenIdRedirects(application.clientId, [redirectUri]);
  await bench.control.putOpenIdPerson('ada', { name: 'Ada <b>Lovelace</b>', email: 'ada@example.com', groups: ['tasters'] });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out; the stand-in has no certificate.
  client = await discovery(new URL(application.issuer), application.clientId, application.clientSecret, undefined, { execute: [allowInsecureRequests] });
});

/** A browser goes to an address and keeps the cookies. */
async function open(address: URL): Promise<{ readonly status: number; readonly next: URL | undefined; readonly body: string }> {
  const answer = await fetch(address, { redirect: 'manual', headers: { cookie: [...cookies].map((cookie) => cookie.join('=')).join('; ') } });
  for (const cookie of answer.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    cookies.set(name, value);
  }
  const location = answer.headers.get('location');
  return { status: answer.status, next: location === null ? undefined : new URL(location, address), body: await answer.text() };
}

/** As far as the page on which a person says who they are. */
async function toPersonPage(codeVerifier: string): Promise<URL> {
  const address = buildAuthorizationUrl(client, {
    redirect_uri: redirectUri, scope: 'openid email profile groups', state, code_challenge: await calculatePKCECodeChallenge(codeVerifier), code_challenge_method: 'S256',
  });
  const { next } = await open(address);
  if (!next) throw new Error('The provider did not ask who signs on.');
  return next;
}

/** A person chooses who they are. @returns where they are sent back to. */
async function choose(page: URL, login: string): Promise<URL> {
  const { next: resumed } = await open(new URL(`?login=${login}`, page));
  const { next: back } = await open(resumed ?? page);
  if (!back) throw new Error('The provider did not send the person back.');
  return back;
}

describe('the identity provider', () => {
  it('lets a person choose who they are, and tells the application by a signed token', async () => {
    const codeVerifier = randomPKCECodeVerifier();
    const page = await toPersonPage(codeVerifier);
    const { body } = await open(page);
    expect(body).toContain('<button name="login" value="ada">Ada &lt;b&gt;Lovelace&lt;/b&gt; (ada@example.com)</button>');
    const { id_token: idToken = '' } = await authorizationCodeGrant(client, await choose(page, 'ada'), { pkceCodeVerifier: codeVerifier, expectedState: state });
    const keys = createRemoteJWKSet(new URL(client.serverMetadata().jwks_uri ?? ''));
    const { payload } = await jwtVerify(idToken, keys, { issuer: application.issuer, audience: application.clientId, algorithms: ['ES256'] });
    expect(payload).toMatchObject({ sub: 'ada', name: 'Ada <b>Lovelace</b>', email: 'ada@example.com', email_verified: true, groups: ['tasters'] });
  });

  it('asks each time who somebody is', async () => {
    await choose(await toPersonPage(randomPKCECodeVerifier()), 'ada');
    expect((await toPersonPage(randomPKCECodeVerifier())).pathname).toMatch(/^\/openid\/interaction\//);
  });

  it('refuses whom it does not know, and sends nobody to an address that was not entered', async () => {
    const back = await choose(await toPersonPage(randomPKCECodeVerifier()), 'mallory');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', error_description: 'There is nobody called mallory.' });
    await bench.control.setOpenIdRedirects(application.clientId, ['http://elsewhere.localhost/callback']);
    await expect(toPersonPage(randomPKCECodeVerifier())).rejects.toThrow('did not ask');
  });

  it('knows no application before one was registered, nor after it forgot all', async () => {
    await bench.control.reset();
    expect(await open(new URL(`${application.issuer}/.well-known/openid-configuration`))).toMatchObject({ status: 404, body: 'No application has been registered.' });
    await expect(bench.control.setOpenIdRedirects(application.clientId, [])).rejects.toThrow(`There is no application ${application.clientId}.`);
  });
});
