import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { describeCrmConnector, type ConformanceWorld } from '@crossdock/crm-connector/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type FaultInput } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ZohoAuthorisation } from './zoho.authorisation.ts';
import { ZohoConnector } from './zoho.connector.ts';

const faults = {
  rate_limit: { kind: 'rate-limit' },
  down: { kind: 'status', status: 503 },
  unknown_field: {
    kind: 'status', status: 400, pathPattern: 'Contacts/upsert',
    body: { data: [{ code: 'INVALID_DATA', details: { api_name: 'Phone', json_path: '$.data[0].Phone' }, message: 'invalid data', status: 'error' }] },
  },
} satisfies Record<string, FaultInput>;

async function buildWorld(): Promise<ConformanceWorld & { readonly control: SandboxControl; readonly http: OutboundHttp; readonly orgId: string }> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const org = await control.createZohoOrg({ location: 'eu' });
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const authorisation = new ZohoAuthorisation(http, {
    zohoClientId: org.clientId, zohoClientSecret: org.clientSecret, zohoAccountsUrl: `${sandbox.url}/zoho/accounts/{location}`,
  });
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'zoho', accountId: org.orgId, state: 'healthy', stateSince: new Date(),
    settings: { location: 'eu', apiDomain: org.apiUrl, companyCurrency: 'EUR' },
  };
  let { accessToken } = org;
  const tokens = {
    get: async () => accessToken,
    refreshAfter401: async () => {
      ({ accessToken } = await authorisation.refresh(connection, org.refreshToken, AbortSignal.timeout(60_000)));
      return accessToken;
    },
  };
  return {
    control,
    http,
    orgId: org.orgId,
    connector: new ZohoConnector({ http, tokens }),
    connection,
    refusedEmail: 'no address',
    unknownContactId: '6493490000000000001',
    unknownDealId: '6493490000000000002',
    rateLimitKind: 'rate_limited',
    count: async (object) => (await control.zohoRecords(org.orgId, object === 'deal' ? 'Deals' : 'Contacts')).length,
    closeAsWon: async (id) => { await control.editZohoRecord(org.orgId, 'Deals', id, { Stage: 'Closed Won' }); },
    expireToken: () => control.addFault('zoho', { kind: 'expire-token', account: org.orgId }),
    fail: (fault, times) => control.addFault('zoho', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('zoho'),
    revoke: async () => {
      await control.addFault('zoho', { kind: 'revoke-token', account: org.orgId });
      await control.addFault('zoho', { kind: 'expire-token', account: org.orgId });
    },
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

describeCrmConnector('Zoho', buildWorld);

describe('the Zoho connector beside what all have in common', () => {
  let world: Awaited<ReturnType<typeof buildWorld>>;
  const signal = AbortSignal.timeout(60_000);

  beforeAll(async () => {
    world = await buildWorld();
    await world.connector.setUp(world.connection, signal);
  });
  afterAll(() => world.stop());

  const aDeal = (externalKey: string, contactIds: string[] = []) => ({
    object: 'deal', externalKey, contactIds, fields: { name: 'Order', status: 'open', amount: { amountMinor: 100, currency: 'EUR' } },
  } as const);

  it('says of deals before the set-up that the field for their key is missing', async () => {
    const other = await buildWorld();
    const { connector, connection } = other;
    expect((await connector.upsert(connection, [aDeal('order/1')], signal))[0]).toMatchObject({ kind: 'dependency_missing' });
    await other.stop();
  });

  it('gives a deal all of its contacts, also those that come later', async () => {
    const emails = ['a@example.com', 'b@example.com', 'c@example.com'];
    const made = await world.connector.upsert(world.connection, emails.map((email) => ({ object: 'contact', fields: { email } }) as const), signal);
    const ids = made.map((result) => ('crmId' in result ? result.crmId : ''));
    const [first] = await world.connector.upsert(world.connection, [aDeal('order/2', ids.slice(0, 2))], signal);
    await world.connector.upsert(world.connection, [aDeal('order/2', ids)], signal);
    const id = first && 'crmId' in first ? first.crmId : '';
    const deal = (await world.connector.getDeals(world.connection, [id], signal)).get(id);
    expect(deal).toMatchObject({ contacts: ids.map((externalId, index) => ({ externalId, email: emails[index] })) });
  });

  it('does not ask for another token where a scope is missing', async () => {
    const { connection } = world;
    const narrow = await world.control.createZohoOrg({ location: 'eu', scopes: ['ZohoCRM.modules.contacts.ALL'] });
    let renewals = 0;
    const connector = new ZohoConnector({
      http: world.http,
      tokens: {
        get: async () => narrow.accessToken,
        refreshAfter401: async () => {
          renewals += 1;
          return narrow.accessToken;
        },
      },
    });
    const [result] = await connector.upsert(connection, [aDeal('order/4')], signal);
    expect([result, renewals]).toMatchObject([{ kind: 'forbidden' }, 0]);
  });

  it('finds an e-mail with an apostrophe instead of doubling the contact', async () => {
    const contact = { object: 'contact', fields: { email: "o'brien@example.com", lastName: "O'Brien" } } as const;
    const [first] = await world.connector.upsert(world.connection, [contact], signal);
    const [second] = await world.connector.upsert(world.connection, [contact], signal);
    expect([first, second]).toMatchObject([{ created: true }, { created: false, crmId: first && 'crmId' in first ? first.crmId : '' }]);
  });

  it('says that the user may not write deals, and that nobody may make fields', async () => {
    const other = await buildWorld();
    const { connector, connection, control, orgId } = other;
    await control.changeZohoOrg(orgId, { mayMakeFields: false });
    await expect(connector.setUp(connection, signal)).rejects.toMatchObject({
      kind: 'forbidden', message: expect.stringMatching(/Crossdock_Key of Contacts, Crossdock_Key of Accounts, Crossdock_Key of Deals, Crossdock_Order_Status of Deals/),
    });
    await control.changeZohoOrg(orgId, { mayMakeFields: true });
    await connector.setUp(connection, signal);
    await control.changeZohoOrg(orgId, { mayMakeFields: false });
    await connector.setUp(connection, signal);
    await control.changeZohoOrg(orgId, { moduleRights: { Deals: { editable: false } } });
    expect((await connector.upsert(connection, [aDeal('order/3')], signal))[0]).toMatchObject({ kind: 'forbidden' });
    await other.stop();
  });
});
