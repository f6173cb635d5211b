import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type CrmObject } from '@crossdock/contracts';
import type { RecordWrite } from '@crossdock/crm-connector';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox } from '@crossdock/sandbox';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ZohoConnector } from './zoho.connector.ts';

const signal = AbortSignal.timeout(60_000);

/** An organisation that has not been set up. */
async function buildWorld(input: { readonly scopes?: string[] } = {}) {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const { orgId, apiUrl, accessToken } = await control.createZohoOrg({ location: 'eu', ...input });
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'zoho', accountId: orgId, state: 'healthy', stateSince: new Date(),
    settings: { location: 'eu', apiDomain: apiUrl, companyCurrency: 'EUR' },
  };
  let renewals = 0;
  const tokens = {
    get: async () => accessToken,
    refreshAfter401: async () => {
      renewals += 1;
      return accessToken;
    },
  };
  const connector = new ZohoConnector({ http, tokens });
  return {
    control, orgId, renewals: () => renewals,
    setUp: () => connector.setUp(connection, signal),
    write: async (object: CrmObject, write: RecordWrite) => {
      const description = await connector.describe(connection, object, signal);
      const [result] = await connector.write(connection, description, [write], signal);
      return result instanceof Failure ? result.kind : result?.outcome;
    },
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

const aDeal = (key: string): RecordWrite => ({ target: { key }, fields: { Deal_Name: 'Order', Amount: { amountMinor: 100, currency: 'EUR' } } });

describe('a Zoho organisation', () => {
  it('says of records before the set-up that the field for their key is missing', async () => {
    const { write, stop } = await buildWorld();
    expect(await write('deal', aDeal('order/1'))).toBe('dependency_missing');
    await stop();
  });

  it('is not asked for another token where a scope is missing', async () => {
    const { write, renewals, stop } = await buildWorld({ scopes: ['ZohoCRM.settings.ALL', 'ZohoCRM.modules.contacts.ALL'] });
    expect([await write('deal', aDeal('order/4')), renewals()]).toEqual(['forbidden', 0]);
    await stop();
  });

  it('says that the user may not write deals, and that nobody may make fields', async () => {
    const { write, setUp, control, orgId, stop } = await buildWorld();
    await control.changeZohoOrg(orgId, { mayMakeFields: false });
    await expect(setUp()).rejects.toMatchObject({
      kind: 'forbidden', message: expect.stringMatching(/Crossdock_Key of Contacts, Crossdock_Key of Accounts, Crossdock_Key of Deals, Crossdock_Order_Status of Deals, Crossdock_Line_Items of Deals, Crossdock_Order_Source of Deals, Crossdock_Sample_Request of Deals, Crossdock_Sample_Status of Deals/),
    });
    await control.changeZohoOrg(orgId, { mayMakeFields: true });
    await setUp();
    await control.changeZohoOrg(orgId, { mayMakeFields: false });
    await setUp();
    await control.changeZohoOrg(orgId, { moduleRights: { Deals: { editable: false } } });
    expect(await write('deal', aDeal('order/3'))).toBe('forbidden');
    await stop();
  });
});
