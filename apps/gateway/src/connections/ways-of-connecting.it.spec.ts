import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectingGateway } from './connecting-gateway.fixture.ts';

let world: ConnectingGateway;
type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;

beforeAll(async () => {
  world = await ConnectingGateway.start();
});
afterEach(async () => {
  for (const vendor of ['shippo', 'pipedrive', 'dynamics', 'zoho'] as const) await world.control.setConsent(vendor, {});
});
afterAll(() => world.stop(), 60_000);

const connect = (tenant: Tenant, body: Record<string, unknown>) => tenant.call('POST', '/v1/connections/authorizations', body);
const onlyOne = async (tenant: Tenant) => {
  const [connection, ...others] = await tenant.connections();
  expect(others).toEqual([]);
  return connection ?? {};
};

describe('a Shippo account', () => {
  it('is connected by OAuth, and by an API token is the same one', async () => {
    const [tenant, browser, account] = [await world.tenant(), world.browser(), await world.control.createShippoAccount({ ...world.app, mode: 'live' })];
    await world.control.setConsent('shippo', { account: account.account });
    expect((await browser.open(await browser.agree(await tenant.begin({ vendor: 'shippo' })))).status).toBe(200);
    const { id } = await onlyOne(tenant);
    expect(await world.connections.vault.read(tenant.id, String(id), 'api_token')).toMatch(/^oauth\./);
    expect((await tenant.call('PUT', `/v1/connections/${String(id)}/secrets`, { credentials: { api_token: account.token } })).status).toBe(200);
    expect(await world.connections.vault.read(tenant.id, String(id), 'api_token')).toBe(account.token);
    expect(await onlyOne(tenant)).toMatchObject({ id, state: 'healthy' });
  });

  it('is not connected where the person does not agree, or the code is used up', async () => {
    const [tenant, browser, account] = [await world.tenant(), world.browser(), await world.control.createShippoAccount({ ...world.app, mode: 'live' })];
    await world.control.setConsent('shippo', { account: account.account, decision: 'deny' });
    const denied = await browser.open(await browser.agree(await tenant.begin({ vendor: 'shippo' })));
    expect([denied.status, denied.text]).toEqual([400, expect.stringContaining('You did not agree')]);
    await world.control.setConsent('shippo', { account: account.account });
    const back = await browser.agree(await tenant.begin({ vendor: 'shippo' }));
    await world.control.addFault('shippo', { kind: 'expire-code' });
    const late = await browser.open(back);
    expect([late.status, late.text]).toEqual([400, expect.stringContaining('The vendor refused')]);
    expect(await tenant.connections()).toEqual([]);
  });
});

describe('a Pipedrive company', () => {
  it('is connected by a user’s API token, which takes the place of an authorisation in the browser', async () => {
    const [tenant, browser, company] = [await world.tenant(), world.browser(), await world.control.createPipedriveCompany({ ...world.app })];
    const { apiToken: token, domain } = company;
    await world.control.setConsent('pipedrive', { account: domain });
    await browser.open(await browser.agree(await tenant.begin({ vendor: 'pipedrive' })));
    const { id } = await onlyOne(tenant);
    expect((await connect(tenant, { vendor: 'pipedrive', settings: { companyDomain: domain }, credentials: { api_token: token } })).status).toBe(201);
    const connection = await onlyOne(tenant);
    expect(connection).toMatchObject({ id, accountId: String(company.companyId), settings: { tokenKind: 'api_token' } });
    const stored = await world.connections.store.find(tenant.id, String(id));
    expect(stored && await world.connections.tokens.get(stored)).toBe(token);
    await expect(world.connections.vault.read(tenant.id, String(id), 'refresh_token')).rejects.toThrow('no stored refresh_token');
  });

  it.each([
    [{ settings: { companyDomain: 'tea' }, credentials: { other: 'x' } }, '/credentials/api_token'],
    [{ settings: {}, credentials: { api_token: 'x'.repeat(40) } }, '/settings/companyDomain'],
    [{ settings: { companyDomain: 'evil.example/x' }, credentials: { api_token: 'x'.repeat(40) } }, '/settings/companyDomain'],
  ])('is not connected by what is no token and domain: %j', async (body, pointer) => {
    const { status, body: { detail, errors } } = await connect(await world.tenant(), { vendor: 'pipedrive', ...body });
    expect([status, errors]).toEqual([422, [{ pointer, detail }]]);
  });
});

describe('a Dynamics environment', () => {
  it('is connected by consent, and again without saying where it is; its address is told to nobody', async () => {
    const [tenant, browser, environment] = [await world.tenant(), world.browser(), await world.control.createDynamicsEnvironment({ ...world.app })];
    const settings = { environmentUrl: environment.environmentUrl };
    expect((await browser.open(await browser.agree(await tenant.begin({ vendor: 'dynamics', settings })))).status).toBe(200);
    const connection = await onlyOne(tenant);
    expect(connection).toMatchObject({ accountId: environment.orgId });
    expect(JSON.stringify(connection)).not.toContain(world.sandbox.url);
    const again = await tenant.begin({}, `/v1/connections/${String(connection['id'])}/reconnect`);
    expect((await browser.open(await browser.agree(again))).status).toBe(200);
    expect(await onlyOne(tenant)).toMatchObject({ id: connection['id'] });
  });

  it('is connected by an app of the tenant’s own, whose secret can be exchanged', async () => {
    const [tenant, environment] = [await world.tenant(), await world.control.createDynamicsEnvironment({ ...world.app })];
    const settings = { environmentUrl: environment.environmentUrl, directoryId: environment.tenantId };
    const credentials = { client_id: environment.ownClientId, client_secret: environment.ownClientSecret };
    expect((await connect(tenant, { vendor: 'dynamics', settings, credentials })).status).toBe(201);
    const { id } = await onlyOne(tenant);
    expect((await tenant.call('PUT', `/v1/connections/${String(id)}/secrets`, { credentials: { client_secret: environment.ownClientSecret } })).status).toBe(200);
    expect(await tenant.call('PUT', `/v1/connections/${String(id)}/secrets`, { credentials: { client_secret: randomUUID() } })).toMatchObject({ status: 502, body: { errors: [{ pointer: '/credentials' }] } });
    const stored = await world.connections.store.find(tenant.id, String(id));
    expect(stored && await world.connections.tokens.get(stored)).toEqual(expect.any(String));
  });

  it('is not connected by half of what it takes, nor by the installation’s app', async () => {
    const [tenant, environment] = [await world.tenant(), await world.control.createDynamicsEnvironment({ ...world.app })];
    const settings = { environmentUrl: environment.environmentUrl, directoryId: environment.tenantId };
    const credentials = { client_id: environment.ownClientId, client_secret: environment.ownClientSecret };
    const wrong = [
      [{ settings: { directoryId: environment.tenantId }, credentials }, '/settings/environmentUrl'],
      [{ settings: { environmentUrl: environment.environmentUrl }, credentials }, '/settings/directoryId'],
      [{ settings: { ...settings, directoryId: 'contoso' }, credentials }, '/settings/directoryId'],
      [{ settings: { ...settings, environmentUrl: 'https://evil.example' }, credentials }, '/settings/environmentUrl'],
      [{ settings, credentials: { client_id: environment.ownClientId } }, '/credentials/client_secret'],
      [{ settings, credentials: { client_id: environment.clientId, client_secret: environment.clientSecret } }, '/credentials/client_id'],
    ] as const;
    for (const [body, pointer] of wrong) expect(await connect(tenant, { vendor: 'dynamics', ...body })).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    expect(await tenant.connections()).toEqual([]);
  });
});

describe('an organisation of Zoho', () => {
  it.each(['us', 'eu', 'in', 'au', 'jp', 'ca', 'sa', 'uk', 'cn'] as const)('is connected in its data centre %s, and renewed there', async (location) => {
    const [tenant, browser, org] = [await world.tenant(), world.browser(), await world.control.createZohoOrg({ ...world.app, location })];
    await world.control.setConsent('zoho', { account: org.orgId });
    // Zoho leads people to their data centre from the United States, but not to China's.
    const settings = location === 'cn' ? { location } : {};
    expect((await browser.open(await browser.agree(await tenant.begin({ vendor: 'zoho', settings })))).status).toBe(200);
    const connection = await onlyOne(tenant);
    expect(connection).toMatchObject({ accountId: org.orgId, settings: { location, apiDomain: org.apiUrl } });
    const stored = await world.connections.store.find(tenant.id, String(connection['id']));
    const before = stored && await world.connections.tokens.get(stored);
    expect(stored && await world.connections.tokens.refreshAfter401(stored, String(before))).not.toBe(before);
  });

  it('is not asked for in a data centre that there is not', async () => {
    expect((await connect(await world.tenant(), { vendor: 'zoho', settings: { location: 'moon' } })).status).toBe(422);
  });
});
