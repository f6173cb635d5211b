import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { ServiceTokenVerifier } from '@crossdock/service-tokens';
import { eventually } from '@crossdock/test-stack';
import { hashOf } from '../browser/carried-secret.ts';
import { tenantA, tenantB } from '../clients/client.fixture.ts';
import type { Tampering } from './openid-provider.fixture.ts';
import { SignOnWorld } from './sign-on-world.fixture.ts';
import { TestBrowser, type Visited } from './test-browser.fixture.ts';

const browserCookie = '__Host-crossdock-browser';
const sessionCookie = '__Host-crossdock-session';

/** Two tenants, each with applications and a client of its own at one OpenID provider. */
describe('sign-on', () => {
  let world: SignOnWorld;
  let providerA: string;
  let providerB: string;

  beforeAll(async () => {
    world = await SignOnWorld.start();
    providerA = await world.furnish(tenantA, ['app', 'shop'], { settings: { roleOfValue: { 'hub-admins': 'admin' }, emailDomains: ['example.com'] } });
    providerB = await world.furnish(tenantB, ['rival']);
    world.idp.accounts.set('alice', { email: 'alice@example.com', email_verified: true, name: 'Alice', groups: ['hub-admins', 'admin', 'viewer'] });
  }, 120_000);
  afterEach(() => {
    world.idp.tamper = undefined;
    world.idp.fault = undefined;
    world.aheadMs = 0;
  });
  afterAll(() => world.stop(), 60_000);

  let counter = 0;
  /** An account nobody used before. */
  function newAccount(parts: object = {}): string {
    counter += 1;
    const name = `person-${counter}`;
    world.idp.accounts.set(name, { email: `${name}@example.com`, email_verified: true, name, ...parts });
    return name;
  }

  const title = ({ body }: Visited): string | undefined => /<h1>(.*?)<\/h1>/.exec(body)?.[1];

  /** How far from the provider's form; with the token that leads to the application and is not redeemed yet. */
  async function loginTokenFor(browser: TestBrowser, account = newAccount(), from = 'app'): Promise<URL> {
    const form = await world.goToProvider(browser, from);
    const { hops } = await browser.visit(`${form.url.href}?login=${account}`, { until: '/sign-on/arrive' });
    const arrival = hops.at(-1);
    if (arrival?.pathname !== '/sign-on/arrive') throw new Error(`The browser was led to ${arrival?.href}.`);
    return arrival;
  }

  it('leads a person from an application by way of the provider back to the page that was asked for, with a token for the gateway', async () => {
    const browser = new TestBrowser();
    const arrived = await world.signOn(browser, 'app', 'alice', { returnTo: '/orders?open=1#top' });
    expect(arrived.url.href).toBe(`${world.origin('app')}/orders?open=1#top`);
    const { token } = await world.renew(browser, 'app');
    expect(token).toMatchObject({ expires_in: 300, roles: ['admin', 'viewer'] });
    const claims = await new ServiceTokenVerifier({ issuerUrl: world.issuerUrl, audience: 'gateway' }).verify(token?.access_token ?? '');
    expect(claims).toMatchObject({ tenant: tenantA, sid: token?.session_id, roles: ['admin', 'viewer'] });
    expect(claims.scope.split(' ')).toEqual(expect.arrayContaining(['orders:read', 'identity:write']));
    expect(claims.scope).not.toContain('tenant:any');
  });

  it('knows a person who is signed on at a second application without asking the provider again', async () => {
    const browser = new TestBrowser();
    await world.signOn(browser, 'app', newAccount());
    const arrived = await world.goToProvider(browser, 'shop');
    expect(arrived.hops.map(({ pathname }) => pathname)).toEqual(['/sign-on/begin', '/sign-on/arrive', '/welcome']);
    const [atApp, atShop] = [await world.renew(browser, 'app'), await world.renew(browser, 'shop')];
    expect(atShop.token?.session_id).toBe(atApp.token?.session_id);
  });

  it('sets cookies that scripts and other hosts never see, and no page may be framed or run a script', async () => {
    const browser = new TestBrowser();
    const started = await browser.visit(`${world.origin('app')}/sign-on/start`, { maxHops: 0 });
    expect(started.headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-crossdock-browser=[\w-]{43}; Path=\/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax$/)]);
    const arrival = await loginTokenFor(browser);
    const arrived = await browser.visit(arrival, { maxHops: 0 });
    expect(arrived.headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-crossdock-session=[\w.-]{66}; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Strict$/)]);
    expect(arrived.headers['content-security-policy']).toContain("default-src 'none'");
    expect(arrived.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(arrived.headers['referrer-policy']).toBe('same-origin');
  });

  it('stores no secret that a browser carries, and no word of the dialogue with the provider in the clear', async () => {
    const browser = new TestBrowser();
    const arrival = await loginTokenFor(browser);
    await browser.visit(arrival);
    const carried = [arrival.searchParams.get('token') ?? '', ...[...browser.jar.values()].flatMap((jar) => [...jar.values()])].filter((value) => value.length > 40);
    for (const table of ['login_token', 'session', 'session_key', 'sign_on_request', 'provider_dialogue', 'identity_provider', 'outbox']) {
      const rows: unknown[] = await world.admin.query(`SELECT t::text FROM ${table} t`);
      for (const secret of [...carried, world.idp.clientSecret]) expect(JSON.stringify(rows)).not.toContain(secret);
    }
  });

  it('goes on while the vault’s key is exchanged, after which the old one has sealed no provider’s secret any more', async () => {
    const sealedBy = async () => (await world.admin.query<Array<{ key: string }>>('SELECT DISTINCT vault_key_id AS key FROM identity_provider')).map(({ key }) => key);
    await world.admin.query(`INSERT INTO tenant_standing (tenant_id, state, version) VALUES ($1, 'active', 1), ($2, 'active', 1) ON CONFLICT DO NOTHING`, [tenantA, tenantB]);
    expect(await sealedBy()).toEqual(['k1']);
    expect(await world.resealWithNextVaultKey()).toBeGreaterThanOrEqual(2);
    expect(await sealedBy()).toEqual(['k2']);
    expect(await world.resealWithNextVaultKey()).toBe(0);
    const browser = new TestBrowser();
    await world.signOn(browser, 'app', newAccount());
    expect((await world.renew(browser, 'app')).token).toMatchObject({ expires_in: 300 });
  });

  describe('refuses an answer of a provider', () => {
    const tamperings: ReadonlyArray<readonly [string, Tampering]> = [
      ['with the wrong issuer', (_, claims) => world.idp.sign({ ...claims, iss: 'https://elsewhere.example' })],
      ['for the wrong audience', (_, claims) => world.idp.sign({ ...claims, aud: 'another-client' })],
      ['for several audiences, issued to another', (_, claims) => world.idp.sign({ ...claims, aud: ['crossdock', 'other'], azp: 'other' })],
      ['with alg none', (_, claims) => new UnsecuredJWT(claims).encode()],
      ['signed with the public key as a shared secret', (_, claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'first' })
        .sign(new TextEncoder().encode(JSON.stringify(world.idp.publishedKeys[0])))],
      ['signed with the client secret', (_, claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(world.idp.clientSecret))],
      ['that has expired', (_, claims) => world.idp.sign({ ...claims, iat: (claims.iat ?? 0) - 7_200, exp: (claims.iat ?? 0) - 60 })],
      ['that is not yet valid', (_, claims) => world.idp.sign({ ...claims, nbf: (claims.iat ?? 0) + 600 })],
      ['without its nonce', (_, { nonce: _nonce, ...claims }) => world.idp.sign(claims)],
      ['with another nonce', (_, claims) => world.idp.sign({ ...claims, nonce: 'of-another-sign-on' })],
      ['with a changed claim under the old signature', (token, claims) => {
        const [head = '', , signature = ''] = token.split('.');
        return [head, Buffer.from(JSON.stringify({ ...claims, sub: 'alice' })).toString('base64url'), signature].join('.');
      }],
      ['with a key that is not among the published ones', (_, claims) => world.idp.sign(claims, { kid: 'unknown' })],
    ];

    it.each(tamperings)('%s', async (_name, tampering) => {
      world.idp.tamper = tampering;
      const browser = new TestBrowser();
      const refused = await world.signOn(browser, 'app', newAccount());
      expect([refused.status, title(refused)]).toEqual([502, 'Your identity provider’s answer does not hold']);
      expect(browser.cookie(new URL(world.origin('login')).host, `__Host-crossdock-sign-on-${tenantA}`)).toBeUndefined();
      expect((await world.renew(browser, 'app')).status).toBe(401);
    });

    it('that comes from another issuer than the one it went to (mix-up)', async () => {
      const browser = new TestBrowser();
      const form = await world.goToProvider(browser, 'app');
      const { hops } = await browser.visit(`${form.url.href}?login=${newAccount()}`, { until: '/sign-on/callback' });
      const callback = new URL(hops.at(-1)?.href ?? '');
      expect(callback.pathname).toBe(`/sign-on/callback/${providerA}`);
      callback.searchParams.set('iss', 'https://elsewhere.example');
      expect((await browser.visit(callback)).status).toBe(502);
    });
  });

  it('accepts a clock that is some seconds off, and keys that were exchanged in the middle of a sign-on', async () => {
    world.idp.tamper = (_, claims) => world.idp.sign({ ...claims, iat: (claims.iat ?? 0) + 20, nbf: (claims.iat ?? 0) + 20 });
    expect((await world.signOn(new TestBrowser(), 'app', newAccount())).url.pathname).toBe('/welcome');
    world.idp.tamper = undefined;
    const browser = new TestBrowser();
    const form = await world.goToProvider(browser, 'app');
    await world.idp.rotateKeys();
    expect((await browser.visit(`${form.url.href}?login=${newAccount()}`)).url.pathname).toBe('/welcome');
  });

  it('says so when the provider is away, refuses the code or does not let the person in', async () => {
    const browser = new TestBrowser();
    const form = await world.goToProvider(browser, 'app');
    world.idp.fault = 503;
    const away = await browser.visit(`${form.url.href}?login=${newAccount()}`);
    expect([away.status, title(away)]).toEqual([503, 'Your identity provider does not answer']);
    world.idp.fault = 400;
    const refused = await world.signOn(new TestBrowser(), 'app', newAccount());
    expect(refused.status).toBe(502);
    world.idp.fault = undefined;
    const denied = await world.signOn(new TestBrowser(), 'app', 'nobody-of-this-name');
    expect([denied.status, title(denied)]).toEqual([403, 'You were not signed in']);
  });

  it('gives up on a provider that does not answer within seconds', async () => {
    const browser = new TestBrowser();
    const form = await world.goToProvider(browser, 'app');
    world.idp.fault = 0;
    const started = Date.now();
    expect((await browser.visit(`${form.url.href}?login=${newAccount()}`)).status).toBe(503);
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  describe('takes an answer', () => {
    async function callbackFor(browser: TestBrowser): Promise<URL> {
      const form = await world.goToProvider(browser, 'app');
      const { hops } = await browser.visit(`${form.url.href}?login=${newAccount()}`, { until: '/sign-on/callback' });
      return new URL(hops.at(-1)?.href ?? '');
    }

    it('once, from the browser that began, under a state that was made here', async () => {
      const [browser, thief] = [new TestBrowser(), new TestBrowser()];
      const callback = await callbackFor(browser);
      expect(title(await thief.visit(callback))).toBe('This link belongs to another browser');
      const forged = new URL(callback);
      forged.searchParams.set('state', `${forged.searchParams.get('state')?.slice(0, -4)}AAAA`);
      expect((await browser.visit(forged)).status).toBe(400);
      expect((await browser.visit(callback)).url.pathname).toBe('/welcome');
      expect(title(await browser.visit(callback))).toBe('This link has been used');
    });

    it('not under the address of another provider, and not for another tenant', async () => {
      const browser = new TestBrowser();
      const callback = await callbackFor(browser);
      const elsewhere = new URL(callback.href.replace(providerA, providerB));
      expect(title(await browser.visit(elsewhere))).toBe('This answer came from another provider');
      const state = callback.searchParams.get('state') ?? '';
      const tenantPart = Buffer.from(tenantB.replaceAll('-', ''), 'hex').toString('base64url');
      elsewhere.searchParams.set('state', `${tenantPart}${state.slice(tenantPart.length)}`);
      expect((await browser.visit(elsewhere)).status).toBe(400);
    });

    it('within ten minutes', async () => {
      const browser = new TestBrowser();
      const callback = await callbackFor(browser);
      world.aheadMs = 601_000;
      expect((await browser.visit(callback)).status).toBe(410);
    });
  });

  describe('a login token', () => {
    it('is redeemed exactly once of fifty uses at the same moment', async () => {
      const browser = new TestBrowser();
      const arrival = await loginTokenFor(browser);
      const answers = await Promise.all(Array.from({ length: 50 }, () => browser.visit(arrival, { maxHops: 0 })));
      expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
      expect(answers.filter((answer) => answer.status === 409 && title(answer) === 'This sign-in link has been used')).toHaveLength(49);
      const keys: unknown[] = await world.admin.query(
        'SELECT 1 FROM session_key WHERE host = $1 AND session_id = (SELECT session_id FROM login_token WHERE token_hash = $2)',
        [arrival.host, hashOf(arrival.searchParams.get('token') ?? '')]);
      expect(keys).toHaveLength(1);
    });

    it('is worth nothing after five minutes', async () => {
      const browser = new TestBrowser();
      const arrival = await loginTokenFor(browser);
      world.aheadMs = 301_000;
      expect(title(await browser.visit(arrival))).toBe('This sign-in link has run out');
    });

    it('is worth nothing on another domain, for another tenant or in another browser, and none of them spends it', async () => {
      const browser = new TestBrowser();
      const arrival = await loginTokenFor(browser);
      const token = arrival.searchParams.get('token') ?? '';
      browser.setCookie(new URL(world.origin('shop')).host, browserCookie, browser.cookie(arrival.host, browserCookie) ?? '');
      expect(title(await browser.visit(`${world.origin('shop')}/sign-on/arrive?token=${token}`))).toBe('This sign-in link is for another application');
      expect(title(await browser.visit(`${world.origin('rival')}/sign-on/arrive?token=${token}`))).toBe('This sign-in link is for another application');
      expect(title(await new TestBrowser().visit(arrival))).toBe('This sign-in link belongs to another browser');
      expect((await browser.visit(arrival)).url.pathname).toBe('/welcome');
    });

    it('is worth nothing once the session is over', async () => {
      const browser = new TestBrowser();
      await world.signOn(browser, 'app', newAccount());
      const { token } = await world.renew(browser, 'app');
      const onWay = await browser.visit(`${world.origin('shop')}/sign-on/start`, { until: '/sign-on/arrive' });
      await world.expect(200, world.call('DELETE', `/v1/identity/people/${decodeJwt(token?.access_token ?? '').sub}/sessions`, { tenantId: tenantA }));
      expect(title(await browser.visit(onWay.hops.at(-1) ?? ''))).toBe('You are signed out');
    });

    it('that is no token is refused as such', async () => {
      for (const token of ['', 'x', 'a'.repeat(66), `${'A'.repeat(22)}.${'A'.repeat(43)}`, '%00', 'A'.repeat(5_000)]) {
        expect((await new TestBrowser().visit(`${world.origin('app')}/sign-on/arrive?token=${token}`)).status).toBe(400 + (token.startsWith('AAAAAAAAAAAAAAAAAAAAAA.') ? 3 : 0));
      }
    });
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '\\\\evil.example', '/%0d%0aset-cookie:x', 'javascript:alert(1)', 'https://app@evil.example',
    '/\tevil', '/..//evil.example', 'http://аpp.localhost', 'welcome', ''])('sends nobody on to %p', async (returnTo) => {
    const { status, hops, headers } = await new TestBrowser().visit(`${world.origin('app')}/sign-on/start?returnTo=${encodeURIComponent(returnTo)}`, { maxHops: 0 });
    if (status === 303) {
      // An encoded line break stays encoded.
      expect(returnTo).toBe('/%0d%0aset-cookie:x');
      expect(String(headers['location'])).toContain(world.origin('login'));
    } else expect([status, hops]).toEqual([400, []]);
  });

  it('stops a circle with a page after some rounds within a minute, and lets the person try again later', async () => {
    const browser = new TestBrowser();
    await world.signOn(browser, 'app', newAccount());
    const rounds: Visited[] = [];
    for (let round = 0; round < 8; round += 1) rounds.push(await world.goToProvider(browser, 'app'));
    const stopped = rounds.findIndex(({ status }) => status === 429);
    expect(stopped).toBe(5);
    expect(rounds.slice(stopped).map(title)).toEqual(rounds.slice(stopped).map(() => 'You were sent in a circle'));
    world.aheadMs = 61_000;
    expect((await world.goToProvider(browser, 'app')).url.pathname).toBe('/welcome');
  });

  it('answers an address that asks for too many pages with one that says until when, and no other address', async () => {
    const browser = new TestBrowser();
    const answers: Visited[] = [];
    // The minute may turn over once meanwhile.
    while (answers.length < 500 && answers.at(-1)?.status !== 429) answers.push(await browser.visit(`${world.origin('unknown')}/sign-on/start`));
    const [refused] = answers.slice(-1);
    expect([refused?.status, refused && title(refused)]).toEqual([429, 'Too many people sign in at this moment']);
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(answers.length).toBeGreaterThan(240);
    expect((await new TestBrowser().visit(`${world.origin('unknown')}/sign-on/start`)).status).toBe(404);
  });

  it('sends people to a domain as long as the tenant has it, whatever is told late or twice', async () => {
    const domain = 'moving.localhost';
    const at = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);
    const ownerOf = async (): Promise<string | undefined> => {
      const rows = await world.admin.query<Array<{ owner: string }>>('SELECT tenant_id AS owner FROM application_domain WHERE domain = $1 AND is_owned ORDER BY changed_at DESC LIMIT 1', [domain]);
      return rows[0]?.owner;
    };
    const [given, taken] = [at(0), at(2)];
    await world.tellDomain(tenantA, domain, { changedAt: given });
    await eventually('the first tenant to have the domain', async () => await ownerOf() === tenantA, 60_000);
    // The next owner is told of before the last one's loss, and the gain of the last one once more.
    await world.tellDomain(tenantB, domain, { changedAt: at(3) });
    await world.tellDomain(tenantA, domain, { isOwned: false, changedAt: taken });
    await world.tellDomain(tenantA, domain, { changedAt: given });
    await world.tellDomain(tenantA, 'login.localhost');
    await world.tellDomain(tenantB, 'last.localhost');
    await eventually('all of it to be heard', async () => {
      const rows: unknown[] = await world.admin.query('SELECT 1 FROM application_domain WHERE domain = $1', ['last.localhost']);
      const lost: unknown[] = await world.admin.query('SELECT 1 FROM application_domain WHERE domain = $1 AND tenant_id = $2 AND NOT is_owned', [domain, tenantA]);
      return rows.length === 1 && lost.length === 1;
    }, 60_000);
    expect(await ownerOf()).toBe(tenantB);
    expect((await world.goToProvider(new TestBrowser(), 'moving')).url.pathname).toMatch(/^\/interaction\//);
    expect((await new TestBrowser().visit(`${world.origin('login')}/sign-on/start`)).status).toBe(404);
  });

  it('finds a domain under localhost at the port where the sign-on pages are served by now', async () => {
    const moved = world.domainsBeside('http://login.localhost:9');
    expect(await moved.find('App.localhost:9')).toEqual({ tenantId: tenantA, host: 'app.localhost:9', origin: 'http://app.localhost:9' });
    expect(await moved.find(new URL(world.origin('app')).host)).toBeUndefined();
    expect(await moved.find('app.localhost')).toBeUndefined();
  });

  it('answers whatever pages, callbacks, logout tokens and token requests are sent, never with a fault of its own and never for long', async () => {
    const seed = Date.now();
    const text = fc.oneof(fc.string({ maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 100 }), fc.constantFrom('', '\0', '..', `${'A'.repeat(22)}.${'A'.repeat(43)}`, 'A'.repeat(9_000)));
    const header = fc.stringMatching(/^[\x20-\x7e]{0,300}$/);
    const place = fc.constantFrom('start', 'arrive', 'begin', 'find', 'providers', 'callback', 'logout', 'token', 'session', 'revocation');
    const cases = fc.record({ place, one: text, other: text, header });
    await fc.assert(fc.asyncProperty(cases, async ({ place: to, one, other, header: value }) => {
      const [a, b] = [one, other].map((part) => encodeURIComponent(part.toWellFormed()));
      const [browser, app, login] = [new TestBrowser(), world.origin('app'), world.origin('login')];
      const headers = { cookie: value };
      const form = { logout_token: one, request: one, email: other, grant_type: 'client_credentials', client_assertion: one, client_assertion_type: other, audience: other, tenant: one };
      const send = {
        start: () => browser.visit(`${app}/sign-on/start?returnTo=${a}&link=${b}`, { headers, maxHops: 0 }),
        arrive: () => browser.visit(`${app}/sign-on/arrive?token=${a}&token=${b}`, { headers, maxHops: 0 }),
        begin: () => browser.visit(`${login}/sign-on/begin?request=${a}`, { headers, maxHops: 0 }),
        find: () => browser.visit(`${login}/sign-on/find`, { method: 'POST', form, headers: { ...headers, origin: login } }),
        providers: () => browser.visit(`${login}/sign-on/providers/${providerA}?request=${a}`, { headers, maxHops: 0 }),
        callback: () => browser.visit(`${login}/sign-on/callback/${providerA}?state=${a}&code=${b}&iss=${a}&error=${b}`, { headers, maxHops: 0 }),
        logout: () => browser.visit(`${login}/sign-on/back-channel-logout/${tenantA}/${providerA}`, { method: 'POST', form, headers }),
        token: () => browser.visit(`${world.issuerUrl}/oauth/token`, { method: 'POST', form, headers }),
        session: () => browser.visit(`${app}/sign-on/token`, { method: 'POST', headers: { ...headers, origin: app } }),
        revocation: () => browser.visit(`${app}/sign-on/sessions/${a}`, { method: 'DELETE', headers: { ...headers, origin: app } }),
      }[to];
      const began = Date.now();
      const answer = await send();
      expect(answer.status).toBeLessThan(500);
      expect(answer.body).not.toMatch(/node_modules|at .+\.(ts|js):\d+|QueryFailed|SELECT /);
      expect(Date.now() - began).toBeLessThan(20_000);
    }), { seed, numRuns: 200, interruptAfterTimeLimit: 20_000 });
  });

  it('serves each host its own pages only', async () => {
    expect((await new TestBrowser().visit(`${world.origin('unknown')}/sign-on/start`)).status).toBe(404);
    expect((await new TestBrowser().visit(`${world.origin('login')}/sign-on/start`)).status).toBe(404);
    expect((await new TestBrowser().visit(`${world.origin('app')}/sign-on/begin?request=x`)).status).toBe(404);
  });

  it('makes one person of concurrent first sign-ons of one account', async () => {
    const account = newAccount();
    const browsers = Array.from({ length: 6 }, () => new TestBrowser());
    const arrived = await Promise.all(browsers.map((browser) => world.signOn(browser, 'app', account)));
    expect(arrived.map(({ url }) => url.pathname)).toEqual(browsers.map(() => '/welcome'));
    const subjects = await Promise.all(browsers.map(async (browser) => decodeJwt((await world.renew(browser, 'app')).token?.access_token ?? '').sub));
    expect(new Set(subjects).size).toBe(1);
  });

  it('gives a new session to each sign-on, so that a planted key is worth nothing (fixation)', async () => {
    const browser = new TestBrowser();
    const host = new URL(world.origin('app')).host;
    browser.setCookie(host, sessionCookie, `${Buffer.from(tenantA.replaceAll('-', ''), 'hex').toString('base64url')}.${'A'.repeat(43)}`);
    const planted = browser.cookie(host, sessionCookie);
    await world.signOn(browser, 'app', newAccount());
    expect(browser.cookie(host, sessionCookie)).not.toBe(planted);
  });
});
