import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrmVendor } from '@crossdock/contracts';
import { ConnectingGateway } from './connecting-gateway.fixture.ts';

type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;

/** A new account of a vendor: what the person chooses on the page, and what the administrator says before. */
interface NewAccount {
  readonly account?: string;
  readonly settings?: Record<string, unknown>;
}

interface ConsentVendor {
  readonly vendor: CrmVendor;
  readonly newAccount: (world: ConnectingGateway) => Promise<NewAccount>;
}

const vendors: readonly ConsentVendor[] = [
  { vendor: 'hubspot', newAccount: async ({ control, app }) => ({ account: String((await control.createHubSpotPortal(app)).portalId) }) },
  { vendor: 'salesforce', newAccount: async ({ control, app }) => ({ account: (await control.createSalesforceOrg(app)).orgId }) },
  { vendor: 'pipedrive', newAccount: async ({ control, app }) => ({ account: (await control.createPipedriveCompany(app)).domain }) },
  { vendor: 'zoho', newAccount: async ({ control, app }) => ({ account: (await control.createZohoOrg({ ...app, location: 'eu' })).orgId }) },
  { vendor: 'dynamics', newAccount: async ({ control, app }) => ({ settings: { environmentUrl: (await control.createDynamicsEnvironment(app)).environmentUrl } }) },
];

let world: ConnectingGateway;
/** A host that is no vendor's; what comes there is lost to a stranger. */
let stranger: Server;
let strangerUrl: string;
const strangerHeard: string[] = [];

beforeAll(async () => {
  world = await ConnectingGateway.start();
  stranger = createServer((request, response) => {
    strangerHeard.push(request.url ?? '');
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const address = stranger.address();
  if (address === null || typeof address === 'string') throw new Error('The stranger has no port.');
  strangerUrl = `http://127.0.0.1:${address.port}`;
});
afterEach(async () => {
  for (const { vendor } of vendors) {
    await world.control.setConsent(vendor, {});
    await world.control.clearFaults(vendor);
  }
});
afterAll(async () => {
  stranger.close();
  await world.stop();
});

/** Begins for a new account, agrees, and gives the address that leads back. */
async function agreed(tenant: Tenant, { vendor, newAccount }: ConsentVendor, browser = world.browser()) {
  const { account, settings } = await newAccount(world);
  const consent = account === undefined ? {} : { account };
  await world.control.setConsent(vendor, consent);
  const begin = (who = tenant) => who.begin({ vendor, ...(settings && { settings }) });
  return { browser, begin, consent, back: await browser.agree(await begin()) };
}

/** That a page with this title came, and that nothing is stored of the tenant but the audit. */
async function expectRefused(tenant: Tenant, answer: { readonly status: number; readonly text: string }, title: string, outcome: string): Promise<void> {
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(`<h1>${title}</h1>`)]);
  expect(await tenant.connections()).toEqual([]);
  expect(await world.admin.query('SELECT 1 FROM connections.credential WHERE tenant_id = $1', [tenant.id])).toEqual([]);
  expect(await tenant.audit()).toContain(`authorisation.refused ${outcome}`);
}

describe.each(vendors)('an authorisation at $vendor', (crm) => {
  it('works once, and the account stays with the tenant that connected it', async () => {
    const [owner, other] = [await world.tenant(), await world.tenant()];
    const { browser, back, begin, consent } = await agreed(owner, crm);
    expect((await browser.open(back)).text).toContain('<h1>Connected</h1>');
    expect((await browser.open(back)).text).toContain('<h1>This link has been used</h1>');
    expect(await owner.connections()).toHaveLength(1);

    await world.control.setConsent(crm.vendor, consent);
    const taken = await browser.open(await browser.agree(await begin(other)));
    await expectRefused(other, taken, 'This account is connected elsewhere', 'account_taken');
    expect(taken.text).not.toContain(owner.id);
    expect(await owner.connections()).toHaveLength(1);
  });

  it('comes to nothing where the person does not agree', async () => {
    const tenant = await world.tenant();
    const { browser, begin, consent } = await agreed(tenant, crm);
    await world.control.setConsent(crm.vendor, { ...consent, decision: 'deny' });
    await expectRefused(tenant, await browser.open(await browser.agree(await begin())), 'You did not agree', 'denied');
  });

  it('comes to nothing where the code has been changed on the way', async () => {
    const tenant = await world.tenant();
    const { browser, back } = await agreed(tenant, crm);
    const forged = new URL(back);
    forged.searchParams.set('code', 'forged');
    await expectRefused(tenant, await browser.open(forged.href), 'The vendor refused', 'refused_by_vendor');
  });
});

describe('permissions that are missing', () => {
  it('are named to the person, and nothing is stored', async () => {
    const [tenant, browser] = [await world.tenant(), world.browser()];
    const { orgId: account } = await world.control.createZohoOrg(world.app);
    await world.control.setConsent('zoho', { account, withheldScopes: ['ZohoCRM.modules.deals.ALL'] });
    const end = await browser.open(await browser.agree(await tenant.begin({ vendor: 'zoho' })));
    await expectRefused(tenant, end, 'Permissions are missing', 'missing_scopes');
    expect(end.text).toContain('ZohoCRM.modules.deals.ALL');
  });
});

describe('a callback that names a data centre of Zoho', () => {
  const agreedAtZoho = async (tenant: Tenant) => {
    const [zoho] = vendors.filter(({ vendor }) => vendor === 'zoho');
    if (!zoho) throw new Error('Zoho is not among the vendors.');
    const { browser, back } = await agreed(tenant, zoho);
    return { browser, address: new URL(back) };
  };

  /** What becomes of a parameter of the callback on its way through the browser. */
  type Forgery = Readonly<Record<string, (genuine: string) => string | undefined>>;
  const forgeries: ReadonlyArray<readonly [string, Forgery]> = [
    ['a stranger’s server', { 'accounts-server': () => strangerUrl }],
    ['a stranger’s server and a data centre that Zoho does not have', { 'accounts-server': () => strangerUrl, location: () => 'moon' }],
    ['the data centre alone', { 'accounts-server': () => undefined }],
    ['the server alone', { location: () => undefined }],
    ['the server of one and the name of another', { location: () => 'in' }],
    ['a server that begins like Zoho’s', { 'accounts-server': (server) => `${server}.evil.example` }],
    ['a server with a user before its name', { 'accounts-server': (server) => server.replace('://', '://accounts.zoho.eu@') }],
  ];

  it.each(forgeries)('by %s is refused, and the code goes nowhere', async (_, forged) => {
    const tenant = await world.tenant();
    const { browser, address } = await agreedAtZoho(tenant);
    for (const [name, change] of Object.entries(forged)) {
      const value = change(address.searchParams.get(name) ?? '');
      if (value === undefined) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    await expectRefused(tenant, await browser.open(address.href), 'The vendor answered from an unknown place', 'wrong_place');
    expect(strangerHeard).toEqual([]);
  });

  it('that is Zoho’s but not the organisation’s is asked in vain', async () => {
    const tenant = await world.tenant();
    const { browser, address } = await agreedAtZoho(tenant);
    address.searchParams.set('location', 'in');
    address.searchParams.set('accounts-server', address.searchParams.get('accounts-server')?.replace(/eu$/, 'in') ?? '');
    await expectRefused(tenant, await browser.open(address.href), 'The vendor refused', 'refused_by_vendor');
  });
});
