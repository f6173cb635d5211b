import { installationId } from '@crossdock/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { tenantA } from '../clients/client.fixture.ts';
import { SignOnWorld } from '../sign-on/sign-on-world.fixture.ts';
import { TestBrowser } from '../sign-on/test-browser.fixture.ts';

const claimsSchema = z.object({ sub: z.uuid(), tenant: z.uuid(), sid: z.uuid(), scope: z.string(), name: z.string().optional() });
const minuteMs = 60_000;

let world: SignOnWorld;
beforeAll(async () => {
  world = await SignOnWorld.start();
  await world.furnish(installationId, ['ops'], { settings: { defaultRole: undefined, roleClaim: 'groups', roleOfValue: { 'hub-operators': 'editor', 'hub-watchers': 'viewer' } } });
  // A tenant that wishes for all there is.
  await world.furnish(tenantA, ['app'], { settings: { roleClaim: 'groups', defaultRole: 'admin', roleOfValue: { 'hub-operators': 'admin', operator: 'admin', 'operations:write': 'admin' } } });
}, 120_000);
afterEach(() => {
  world.aheadMs = 0;
});
afterAll(() => world.stop(), 60_000);

async function signedOn(place: 'ops' | 'app', name: string, claims: Readonly<Record<string, unknown>>): Promise<{ browser: TestBrowser; claims: z.infer<typeof claimsSchema> | undefined }> {
  world.idp.accounts.set(name, { email: `${name}@example.com`, email_verified: true, name: 'Grace Hopper', ...claims });
  const browser = new TestBrowser();
  await world.signOn(browser, place, name);
  const { token } = await world.renew(browser, place);
  return { browser, claims: token && claimsSchema.parse(decodeJwt(token.access_token)) };
}

describe('a person who signs on to the installation', () => {
  it('is an operator by the role that the installation’s own provider gives, under their name', async () => {
    const { claims } = await signedOn('ops', 'grace', { groups: ['hub-operators'] });
    expect(claims).toMatchObject({ tenant: installationId, name: 'Grace Hopper' });
    expect(claims?.scope.split(' ')).toEqual(expect.arrayContaining(['tenant:any', 'operations:read', 'operations:write', 'orders:read', 'dead-letters:write']));
    const watcher = await signedOn('ops', 'watcher', { groups: ['hub-watchers'] });
    expect(watcher.claims?.scope.split(' ').filter((scope) => scope.endsWith(':write') || scope === 'tenants:manage' || scope === 'personal:read')).toEqual([]);
  });

  it('gets in by no other claim: without a role that was named there nobody is anything', async () => {
    expect((await signedOn('ops', 'nobody', { groups: ['admin', 'operators'] })).claims).toBeUndefined();
    expect((await signedOn('ops', 'inventor', { roles: ['hub-operators'], operator: true })).claims).toBeUndefined();
  });

  it('is signed out an hour after signing on, however much the session is used', async () => {
    const { browser, claims } = await signedOn('ops', 'busy', { groups: ['hub-operators'] });
    expect(claims).toBeDefined();
    for (const minutes of [20, 40, 59]) {
      world.aheadMs = minutes * minuteMs;
      expect((await world.renew(browser, 'ops')).status).toBe(200);
    }
    world.aheadMs = 61 * minuteMs;
    expect((await world.renew(browser, 'ops')).status).toBe(401);
  });
});

describe('a tenant’s administrator', () => {
  it('does not become an operator by any claim or role of the tenant’s own provider', async () => {
    const { claims } = await signedOn('app', 'mallory', { groups: ['hub-operators', 'operator', 'operations:write'], tenant: installationId, scope: 'operations:write', roles: ['operator'] });
    expect(claims).toMatchObject({ tenant: tenantA });
    expect(claims?.name).toBeUndefined();
    expect(claims?.scope.split(' ').filter((scope) => /^(operations|tenants|tenant):/.test(scope))).toEqual([]);
    for (const role of ['operator', 'operations:write']) {
      const body = { name: 'Wish', issuer: world.idp.issuer, clientId: world.idp.clientId, clientSecret: world.idp.clientSecret, settings: { roleOfValue: { everybody: role } } };
      expect((await world.call('POST', '/v1/identity/providers', { tenantId: tenantA, body })).status).toBe(422);
    }
  });

  it('does not carry a session over to the installation’s host, and has none there by signing on with the same account', async () => {
    const { browser } = await signedOn('app', 'eve', { groups: ['hub-operators-of-tea'] });
    expect((await world.renew(browser, 'ops')).status).toBe(401);
    await world.signOn(browser, 'ops', 'eve');
    expect((await world.renew(browser, 'ops')).status).toBe(401);
  });
});
