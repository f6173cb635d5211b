import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { tenantA, tenantB } from '../clients/client.fixture.ts';
import { SignOnWorld } from '../sign-on/sign-on-world.fixture.ts';
import { TestBrowser } from '../sign-on/test-browser.fixture.ts';

const core = 'urn:ietf:params:scim:schemas:core:2.0';
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const resourceSchema = z.looseObject({ id: z.uuid(), userName: z.string().optional(), active: z.boolean().optional() });
const listSchema = z.object({ totalResults: z.int(), startIndex: z.int(), itemsPerPage: z.int(), Resources: z.array(resourceSchema) });

describe('SCIM', () => {
  let world: SignOnWorld;
  let tokenA: string;
  let tokenB: string;

  beforeAll(async () => {
    world = await SignOnWorld.start();
    await world.furnish(tenantA, ['app'], { settings: { newPeople: 'refuse', defaultRole: undefined, emailDomains: ['example.com'] } });
    tokenA = await newToken(tenantA);
    tokenB = await newToken(tenantB);
  }, 120_000);
  afterAll(() => world.stop(), 60_000);

  async function newToken(tenantId: string): Promise<string> {
    return z.object({ token: z.string() }).parse(await world.expect(201, world.call('POST', '/v1/identity/scim-tokens', { tenantId, body: { name: 'Directory' } }))).token;
  }

  async function send(method: string, path: string, body?: unknown, token = tokenA): Promise<{ status: number; body: unknown; type: string | null }> {
    const response = await fetch(`${world.issuerUrl}/scim/v2/${path}`, {
      method, headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/scim+json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), body: text === '' ? undefined : JSON.parse(text) as unknown };
  }

  let counter = 0;
  async function newUser(parts: object = {}): Promise<{ id: string; userName: string }> {
    counter += 1;
    const userName = `user-${counter}@example.com`;
    const { body } = await send('POST', 'Users', { schemas: [`${core}:User`], userName, emails: [{ value: userName, primary: true }], active: true, ...parts });
    return { userName, id: resourceSchema.parse(body).id };
  }

  const list = async (path: string, token?: string) => listSchema.parse((await send('GET', path, undefined, token)).body);

  it('makes, reads, replaces and changes a user in the protocol’s own form', async () => {
    const made = await send('POST', 'Users', {
      schemas: [`${core}:User`], userName: 'Grace@example.com', externalId: 'ext-1', name: { givenName: 'Grace', familyName: 'Hopper' },
      emails: [{ value: 'grace@example.com', type: 'work', primary: true }], active: 'True', id: 'of-the-client', meta: { created: 'never' }, tenantId: tenantB, unknown: 1,
    });
    expect([made.status, made.type]).toEqual([201, 'application/scim+json; charset=utf-8']);
    const { id } = resourceSchema.parse(made.body);
    expect(made.body).toMatchObject({ schemas: [`${core}:User`], userName: 'Grace@example.com', externalId: 'ext-1', active: true, meta: { resourceType: 'User', location: expect.stringContaining(`/scim/v2/Users/${id}`) } });
    expect((await send('GET', `Users/${id}`)).body).toEqual(made.body);
    expect((await send('PATCH', `Users/${id}`, { schemas: [patchOp], Operations: [{ op: 'Replace', path: 'name.familyName', value: 'Murray' }, { op: 'replace', value: { externalId: 'ext-2' } }] })).body)
      .toMatchObject({ name: { givenName: 'Grace', familyName: 'Murray' }, externalId: 'ext-2', userName: 'Grace@example.com' });
    const replaced = await send('PUT', `Users/${id}`, { schemas: [`${core}:User`], userName: 'grace@example.org' });
    expect(replaced.body).toMatchObject({ userName: 'grace@example.org', emails: [], active: true });
    expect(replaced.body).not.toHaveProperty('name');
    expect((await send('DELETE', `Users/${id}`)).status).toBe(204);
    expect(await send('GET', `Users/${id}`)).toMatchObject({ status: 404, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '404' } });
  });

  it('finds users by filter, in pages', async () => {
    const users: Array<{ id: string; userName: string }> = [];
    for (const externalId of ['p-1', 'p-2', 'p-3']) users.push(await newUser({ externalId, name: { familyName: 'Pager' } }));
    expect((await list(`Users?filter=${encodeURIComponent(`userName eq "${users[0]?.userName.toUpperCase()}"`)}`)).Resources.map(({ id }) => id)).toEqual([users[0]?.id]);
    const pages = encodeURIComponent('name.familyName eq "pager" and externalId sw "p-"');
    const [first, second, none] = [await list(`Users?filter=${pages}&count=2`), await list(`Users?filter=${pages}&startIndex=3&count=2`), await list(`Users?filter=${pages}&count=0`)];
    expect([first.totalResults, first.itemsPerPage, second.startIndex, second.itemsPerPage, none.totalResults, none.itemsPerPage]).toEqual([3, 2, 3, 1, 3, 0]);
    expect([...first.Resources, ...second.Resources].map(({ id }) => id)).toEqual(users.map(({ id }) => id));
    const byMail = await list(`Users?filter=${encodeURIComponent(`emails[value eq "${users[1]?.userName}" and primary eq true]`)}&attributes=userName`);
    expect(byMail.Resources.map((resource) => Object.keys(resource).sort())).toEqual([['id', 'schemas', 'userName']]);
    for (const filter of ['password eq "x"', 'userName eq', 'active eq "x"', 'meta.created gt "soon"']) {
      expect(await send('GET', `Users?filter=${encodeURIComponent(filter)}`)).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
    }
  });

  it('refuses what is malformed or taken', async () => {
    const { userName } = await newUser();
    expect(await send('POST', 'Users', { userName: userName.toUpperCase() })).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
    expect((await send('POST', 'Users', { displayName: 'nobody' })).status).toBe(400);
    expect((await send('POST', 'Users', '{"userName":')).status).toBe(400);
    expect((await send('POST', 'Users', { userName: 'x', roles: [{ value: 'owner' }] })).status).toBe(400);
    expect((await send('GET', 'Bulk')).status).toBe(404);
    expect((await send('GET', 'Users/not-an-id')).status).toBe(404);
  });

  it('says which attributes it keeps', async () => {
    const schemas = z.object({ Resources: z.array(z.looseObject({ id: z.string(), attributes: z.array(z.looseObject({ name: z.string() })) })) }).parse((await send('GET', 'Schemas')).body).Resources;
    const types = z.object({ Resources: z.array(z.looseObject({ id: z.string(), schema: z.string() })) }).parse((await send('GET', 'ResourceTypes')).body).Resources;
    expect(types.map((type) => type.schema)).toEqual(schemas.map(({ id }) => id));
    const { id } = await newUser({ displayName: 'Shown', name: { givenName: 'Given', familyName: 'Family' }, roles: [{ value: 'viewer' }] });
    const common = ['schemas', 'id', 'externalId', 'meta'];
    const names = Object.keys(z.record(z.string(), z.unknown()).parse((await send('GET', `Users/${id}`)).body)).filter((name) => !common.includes(name));
    expect(names.sort()).toEqual(schemas[0]?.attributes.map(({ name }) => name).sort());
    expect((await send('GET', `Schemas/${core}:Group`)).body).toEqual(schemas[1]);
    expect((await send('GET', 'ResourceTypes/User')).body).toEqual(types[0]);
    expect([(await send('GET', 'Schemas/unknown')).status, (await send('GET', 'Schemas?filter=id%20pr')).status]).toEqual([404, 403]);
  });

  it('keeps tenants apart, and tells nothing without a token that holds', async () => {
    const { id, userName } = await newUser();
    for (const [method, body] of [['GET'], ['PUT', { userName: 'x' }], ['PATCH', { schemas: [patchOp], Operations: [{ op: 'replace', path: 'active', value: false }] }], ['DELETE']] as const) {
      expect((await send(method, `Users/${id}`, body, tokenB)).status).toBe(404);
    }
    expect((await list(`Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`, tokenB)).totalResults).toBe(0);
    expect((await send('POST', 'Groups', { displayName: 'Strangers', members: [{ value: id }] }, tokenB)).status).toBe(400);
    const forged = `${tokenB.split('.')[0]}.${tokenA.split('.')[1]}`;
    for (const token of [undefined, 'x', forged, `${tokenA}x`]) {
      for (const path of ['Users', `Users/${id}`, 'ServiceProviderConfig', 'ResourceTypes', 'Schemas', `Schemas/${core}:User`]) {
        const response = await fetch(`${world.issuerUrl}/scim/v2/${path}`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
        expect(response.status).toBe(401);
      }
    }
    const [revoked] = z.object({ items: z.array(z.looseObject({ tokenId: z.uuid() })) }).parse((await world.call('GET', '/v1/identity/scim-tokens', { tenantId: tenantB })).body).items;
    const spare = await newToken(tenantB);
    await world.expect(204, world.call('DELETE', `/v1/identity/scim-tokens/${revoked?.tokenId}`, { tenantId: tenantB }));
    expect((await send('GET', 'Users', undefined, tokenB)).status).toBe(401);
    expect((await send('GET', 'Users', undefined, spare)).status).toBe(200);
  });

  it('gives a group’s members its roles, and signs out who leaves the group, is switched off or removed', async () => {
    const people = await Promise.all([1, 2, 3].map(async () => newUser()));
    const group = resourceSchema.parse((await send('POST', 'Groups', { schemas: [`${core}:Group`], displayName: `Staff ${counter}`, members: people.map(({ id }) => ({ value: id })) })).body);
    const browsers = new Map<string, TestBrowser>();
    for (const { id, userName } of people) {
      const account = userName.split('@')[0] ?? '';
      world.idp.accounts.set(account, { email: userName, email_verified: true, name: account });
      const browser = new TestBrowser();
      expect((await world.signOn(browser, 'app', account)).status).toBe(403);
      browsers.set(id, browser);
    }
    await world.expect(200, world.call('PUT', `/v1/identity/groups/${group.id}/roles`, { tenantId: tenantA, body: { roles: ['editor'] } }));
    const browserOf = (id: string | undefined): TestBrowser => browsers.get(id ?? '') ?? new TestBrowser();
    for (const { id, userName } of people) {
      await world.signOn(browserOf(id), 'app', userName.split('@')[0] ?? '');
      const { token } = await world.renew(browserOf(id), 'app');
      expect([token?.roles, decodeJwt(token?.access_token ?? '').sub]).toEqual([['editor'], id]);
    }
    await send('PATCH', `Groups/${group.id}`, { schemas: [patchOp], Operations: [{ op: 'remove', path: `members[value eq "${people[0]?.id}"]` }] });
    await send('PATCH', `Users/${people[1]?.id}`, { schemas: [patchOp], Operations: [{ op: 'replace', path: 'active', value: 'False' }] });
    expect((await world.renew(browserOf(people[2]?.id), 'app')).status).toBe(200);
    await send('DELETE', `Users/${people[2]?.id}`);
    for (const browser of browsers.values()) expect((await world.renew(browser, 'app')).status).toBe(401);
    expect((await send('GET', `Groups/${group.id}`)).body).toMatchObject({ members: [{ value: people[1]?.id }] });
  });

  it('answers whatever is sent within the protocol, never with a fault of its own', async () => {
    const { id } = await newUser();
    const value = fc.jsonValue({ maxDepth: 3 });
    const operation = fc.record({
      op: fc.constantFrom('add', 'remove', 'replace', 'Add', 'move'), path: fc.option(fc.constantFrom('active', 'userName', 'emails[type eq "work"].value', 'name.givenName', 'emails', 'roles', '[', 'a[b', 'members[value'), { nil: undefined }), value,
    });
    const request = fc.oneof(
      fc.record({ method: fc.constant('PATCH'), path: fc.constant(`Users/${id}`), body: fc.record({ schemas: fc.constant([patchOp]), Operations: fc.array(operation, { maxLength: 4 }) }) }),
      fc.record({ method: fc.constant('POST'), path: fc.constant('Groups'), body: value }),
      fc.record({ method: fc.constant('PUT'), path: fc.constant(`Users/${id}`), body: fc.record({ userName: value, emails: value, name: value, active: value, roles: value }) }),
      fc.record({ method: fc.constant('GET'), path: fc.string({ maxLength: 30 }).map((text) => `Users?filter=${encodeURIComponent(text)}&startIndex=${encodeURIComponent(text)}&count=${encodeURIComponent(text)}`), body: fc.constant(undefined) }),
    );
    await fc.assert(fc.asyncProperty(request, async ({ method, path, body }) => {
      const answer = await send(method, path, body);
      expect(answer.status).toBeLessThan(500);
    }), { numRuns: 60, interruptAfterTimeLimit: 20_000 });
  });
});
