import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { eventually } from '@crossdock/test-stack';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { TestBrowser } from '../../apps/auth-sso/src/sign-on/test-browser.fixture.ts';
import { IdentityWorld, type SignedOn } from './identity-world.fixture.ts';

const itemsSchema = z.looseObject({ items: z.array(z.looseObject({})) });
const idsSchema = z.looseObject({ personId: z.uuid().optional(), providerId: z.uuid().optional(), version: z.int().optional(), tokenId: z.uuid().optional(), token: z.string().optional(), baseUrl: z.url().optional() });
const auditSchema = z.object({ items: z.array(z.looseObject({ action: z.string(), outcome: z.string(), actor: z.string(), record: z.record(z.string(), z.string()) })) });
const scimSchema = z.looseObject({ id: z.uuid() });

const application = `app-${randomBytes(4).toString('hex')}`;
let world: IdentityWorld;
let tenantId: string;
let otherTenantId: string;
let provider: object;
let providerId: string;

beforeAll(async () => {
  world = await IdentityWorld.start();
  tenantId = await world.tenant(application);
  otherTenantId = await world.tenant(`${application}-other`);
  const { idp } = world.signOn;
  provider = { name: 'Directory', issuer: idp.issuer, clientId: idp.clientId, clientSecret: idp.clientSecret, settings: { newPeople: 'create', defaultRole: 'admin', scopes: ['email', 'profile'] } };
  providerId = idsSchema.parse((await world.call({ tenantId }, 'POST', '/v1/identity/providers', provider)).body).providerId ?? '';
}, 180_000);
afterAll(() => world.stop(), 90_000);

const personOf = ({ accessToken }: SignedOn): string => decodeJwt(accessToken).sub ?? '';
const newAccount = (): string => `person-${randomBytes(6).toString('hex')}`;
const statusWith = async ({ accessToken }: SignedOn): Promise<number> => (await world.call({ token: accessToken }, 'GET', '/v1/identity/people')).status;

/** @returns after how many milliseconds the gateway refused the session's token. */
async function refusedAfter(person: SignedOn): Promise<number> {
  const started = Date.now();
  await eventually('the gateway to refuse the token', async () => await statusWith(person) === 401, 60_000);
  return Date.now() - started;
}

/** How many pages of sign-on were counted for an address, over all minutes. */
async function signOnsCounted(address: string): Promise<number> {
  const redis = world.gateway.app.get(Redis);
  const windows = await redis.keys(`${world.signOn.topics.prefix}auth-sso:sign-on:address:${address}:*`);
  return (await Promise.all(windows.map((window) => redis.get(window)))).reduce((sum, count) => sum + Number(count), 0);
}

async function scim(token: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${world.signOn.issuerUrl}/scim/v2/${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' }, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`SCIM answered ${response.status}: ${await response.text()}`);
  return response.status === 204 ? undefined : await response.json();
}

describe('a tenant’s administrator at the gateway', () => {
  it('who signed on by the tenant’s provider manages people, roles and sessions by a token of the sign-on', async () => {
    const admin = await world.signedOn(application, newAccount());
    const call = (...request: readonly ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string, object?]) => world.call({ token: admin.accessToken }, ...request);
    const added = await call('POST', '/v1/identity/people', { userName: `${newAccount()}@example.com`, email: `${newAccount()}@example.com`, roles: ['viewer'] });
    expect([added.status, added.body]).toEqual([201, expect.objectContaining({ roles: ['viewer'], isActive: true })]);
    const { personId } = idsSchema.parse(added.body);
    expect((await call('PATCH', `/v1/identity/people/${personId}`, { roles: ['editor'] })).body).toMatchObject({ personId, roles: ['editor'] });
    expect((await call('GET', `/v1/identity/people/${personId}`)).body).toMatchObject({ personId, allRoles: ['editor'] });
    const listed = itemsSchema.parse((await call('GET', '/v1/identity/people?limit=200')).body).items;
    expect(listed).toEqual(expect.arrayContaining([expect.objectContaining({ personId }), expect.objectContaining({ personId: personOf(admin) })]));
    expect((await call('GET', '/v1/identity/people?limit=1')).body).toMatchObject({ items: [expect.anything()], next: expect.any(String) });
    expect((await call('GET', `/v1/identity/people/${personOf(admin)}/sessions`)).body).toMatchObject({ items: [{ sessionId: admin.sessionId }] });
    expect((await call('DELETE', `/v1/identity/people/${personId}`)).status).toBe(204);
    expect((await call('GET', `/v1/identity/people/${personId}`)).status).toBe(404);
    expect((await call('POST', '/v1/identity/people', { userName: '', roles: ['owner'] })).status).toBe(422);
  });

  it('changes providers, tokens of directories and what groups may do', async () => {
    const call = (...request: readonly ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string, object?]) => world.call({ tenantId }, ...request);
    const second = { ...provider, name: 'Second', clientId: 'another-client' };
    const made = await call('POST', '/v1/identity/providers', second);
    expect([made.status, JSON.stringify(made.body).includes(world.signOn.idp.clientSecret)]).toEqual([201, false]);
    const { providerId: secondId } = idsSchema.parse(made.body);
    const renamed = await call('PUT', `/v1/identity/providers/${secondId}`, { ...second, name: 'Renamed' });
    expect([renamed.status, renamed.body]).toEqual([200, expect.objectContaining({ name: 'Renamed' })]);
    expect(itemsSchema.parse((await call('GET', '/v1/identity/providers')).body).items.map((each) => each['providerId']).sort()).toEqual([providerId, secondId].sort());
    expect((await call('DELETE', `/v1/identity/providers/${secondId}`)).status).toBe(204);

    const { tokenId, token = '' } = idsSchema.parse((await call('POST', '/v1/identity/scim-tokens', { name: 'Directory' })).body);
    expect(JSON.stringify((await call('GET', '/v1/identity/scim-tokens')).body)).not.toContain(token);
    const group = scimSchema.parse(await scim(token, 'POST', 'Groups', { displayName: newAccount() }));
    expect((await call('PUT', `/v1/identity/groups/${group.id}/roles`, { roles: ['editor'] })).body).toMatchObject({ groupId: group.id, roles: ['editor'] });
    expect((await call('DELETE', `/v1/identity/scim-tokens/${tokenId}`)).status).toBe(204);
    await expect(scim(token, 'POST', 'Groups', { displayName: newAccount() })).rejects.toThrow('401');
  });

  it('reaches nobody of another tenant, and nobody at all as a viewer', async () => {
    const admin = await world.signedOn(application, newAccount());
    const stranger = idsSchema.parse((await world.call({ tenantId: otherTenantId }, 'POST', '/v1/identity/people', { userName: newAccount() })).body).personId;
    for (const [method, path, body] of [['GET', ''], ['PATCH', '', { isActive: false }], ['DELETE', ''], ['GET', '/sessions'], ['DELETE', '/sessions']] as const) {
      expect((await world.call({ token: admin.accessToken }, method, `/v1/identity/people/${stranger}${path}`, body)).status).toBe(404);
    }
    const rival = `${application}-other`;
    const made = await world.call({ tenantId: otherTenantId }, 'POST', '/v1/identity/providers', { ...provider, settings: { newPeople: 'create', defaultRole: 'viewer', scopes: ['email', 'profile'] } });
    expect(made.status).toBe(201);
    const viewer = await world.signedOn(rival, newAccount());
    expect(await statusWith(viewer)).toBe(403);
    expect((await world.call({ token: viewer.accessToken }, 'PATCH', `/v1/identity/people/${personOf(viewer)}`, { roles: ['admin'] })).status).toBe(403);
  });
});

describe('an ended session is refused at the gateway within seconds', () => {
  const deadlineMs = 30_000;

  it('after the person signed out', async () => {
    const person = await world.signedOn(application, newAccount());
    const other = await world.signedOn(application, newAccount());
    expect([await statusWith(person), await statusWith(other)]).toEqual([200, 200]);
    const left = await person.browser.visit(`${world.signOn.origin(application)}/sign-on/sign-out`, { method: 'POST', headers: { origin: world.signOn.origin(application) } });
    expect(left.status).toBeLessThan(300);
    expect(await refusedAfter(person)).toBeLessThan(deadlineMs);
    expect(await statusWith(other)).toBe(200);
  });

  it('after an administrator removed, switched off or signed out the person', async () => {
    const people = await Promise.all(Array.from({ length: 3 }, () => world.signedOn(application, newAccount())));
    const [removed, switchedOff, signedOut] = people;
    if (!removed || !switchedOff || !signedOut) throw new Error('Nobody is signed on.');
    expect(await Promise.all(people.map(statusWith))).toEqual([200, 200, 200]);
    expect((await world.call({ tenantId }, 'DELETE', `/v1/identity/people/${personOf(removed)}`)).status).toBe(204);
    expect((await world.call({ tenantId }, 'PATCH', `/v1/identity/people/${personOf(switchedOff)}`, { isActive: false })).status).toBe(200);
    expect((await world.call({ tenantId }, 'DELETE', `/v1/identity/people/${personOf(signedOut)}/sessions`)).body).toEqual({ ended: 1 });
    for (const person of people) expect(await refusedAfter(person)).toBeLessThan(deadlineMs);
  }, 180_000);

  it('after a directory removed the person (SCIM)', async () => {
    const person = await world.signedOn(application, newAccount());
    expect(await statusWith(person)).toBe(200);
    const { token = '' } = idsSchema.parse((await world.call({ tenantId }, 'POST', '/v1/identity/scim-tokens', { name: 'Directory' })).body);
    await scim(token, 'DELETE', `Users/${personOf(person)}`);
    expect(await refusedAfter(person)).toBeLessThan(deadlineMs);
  });

  it('after the provider said so (back-channel logout)', async () => {
    const account = newAccount();
    const person = await world.signedOn(application, account);
    expect(await statusWith(person)).toBe(200);
    const { idp } = world.signOn;
    const logoutToken = await idp.sign({
      iss: idp.issuer, aud: idp.clientId, sub: account, jti: randomUUID(), iat: Math.floor(Date.now() / 1_000), exp: Math.floor(Date.now() / 1_000) + 120,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    }, { typ: 'logout+jwt' });
    const told = await person.browser.visit(`${world.signOn.origin('login')}/sign-on/back-channel-logout/${tenantId}/${providerId}`, { method: 'POST', form: { logout_token: logoutToken } });
    expect(told.status).toBe(200);
    expect(await refusedAfter(person)).toBeLessThan(deadlineMs);
  });
});

describe('the address from which somebody signs on', () => {
  const newAddress = (): string => `100.64.${[...randomBytes(2)].join('.')}`;
  const host = (): string => new URL(world.signOn.origin(application)).host;
  const forged = (address: string): Record<string, string> => ({ 'x-crossdock-client-address': address, 'x-forwarded-for': address, authorization: 'Bearer guessed' });

  it('is the one that the gateway sees, whatever the browser says of it', async () => {
    const [address, other, said] = [newAddress(), newAddress(), newAddress()];
    const start = (remoteAddress: string, headers: Record<string, string> = {}) => world.gateway.app.inject({ method: 'GET', url: '/sign-on/start', remoteAddress, headers: { host: host(), ...headers } });
    expect((await Promise.all([start(address), start(address), start(address, forged(said)), start(other)])).map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 303]);
    expect(await Promise.all([address, other, said].map(signOnsCounted))).toEqual([3, 1, 0]);
  });

  it('is the connection’s own where the browser comes to auth-sso itself and names another', async () => {
    const [browser, said] = [new TestBrowser(), newAddress()];
    await browser.visit(`${world.signOn.origin(application)}/sign-on/start`, { maxHops: 0, headers: { 'x-crossdock-client-address': said, authorization: 'Bearer guessed' } });
    expect(await Promise.all([browser.address, said].map(signOnsCounted))).toEqual([1, 0]);
  });
});

describe('what an administrator of sign-on did', () => {
  it('stands in the tenant’s audit once, with the administrator, and what was refused as well', async () => {
    const admin = await world.signedOn(application, newAccount());
    const made = await world.call({ token: admin.accessToken }, 'POST', '/v1/identity/people', { userName: newAccount() });
    const { personId = '' } = idsSchema.parse(made.body);
    const nobody = randomUUID();
    expect((await world.call({ token: admin.accessToken }, 'DELETE', `/v1/identity/people/${nobody}`)).status).toBe(404);
    expect((await world.call({ token: admin.accessToken }, 'DELETE', `/v1/identity/people/${personId}`)).status).toBe(204);
    const acts = await eventually('the acts to be written down', async () => {
      const { items } = auditSchema.parse((await world.call({ tenantId }, 'GET', '/v1/audit?limit=200')).body);
      const found = items.filter(({ record }) => record['personId'] === personId || record['personId'] === nobody);
      return found.length >= 3 && found;
    }, 90_000);
    expect(acts.map(({ action, outcome, actor }) => ({ action, outcome, actor })).sort((one, other) => (one.action < other.action ? -1 : 1))).toEqual([
      { action: 'DELETE /v1/identity/people/:personId', outcome: 'refused', actor: `user/${personOf(admin)}` },
      { action: 'identity.person_create', outcome: 'done', actor: `person/${personOf(admin)}` },
      { action: 'identity.person_remove', outcome: 'done', actor: `person/${personOf(admin)}` },
    ]);
    const { items } = auditSchema.parse((await world.call({ tenantId }, 'GET', '/v1/audit?limit=200')).body);
    expect(items.filter(({ action, outcome }) => /^(POST|PUT|PATCH|DELETE) \/v1\/identity/.test(action) && ['asked', 'done'].includes(outcome))).toEqual([]);
  }, 120_000);
});
