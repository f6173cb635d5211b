import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import type { RecordWrite } from '@crossdock/crm-connector';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { SalesforceConnector } from './salesforce.connector.ts';

type OrgInput = Parameters<SandboxControl['createSalesforceOrg']>[0];

let sandbox: Sandbox;
let control: SandboxControl;
let http: OutboundHttp;
const signal = AbortSignal.timeout(60_000);

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
  http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
});
afterAll(async () => {
  await http.close();
  await sandbox.stop();
});

async function organisation(input: OrgInput = {}) {
  const org = await control.createSalesforceOrg({ externalIdFields: false, ...input });
  const tokens = { get: async () => org.accessToken, refreshAfter401: async () => org.accessToken };
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'salesforce', accountId: org.orgId, state: 'healthy', stateSince: new Date(),
    endpoint: org.instanceUrl, settings: { companyCurrency: 'EUR' },
  };
  const connector = new SalesforceConnector({ http, tokens });
  return {
    org,
    setUp: () => connector.setUp(connection, signal),
    write: async (wanted: RecordWrite) => (await connector.write(connection, await connector.describe(connection, 'deal', signal), [wanted], signal))[0],
  };
}

const deal: RecordWrite = {
  target: { key: 'order/1' }, fields: { Name: 'Order 1', Amount: { amountMinor: 12_935, currency: 'EUR' }, Crossdock_Order_Status__c: 'processing' },
};

describe('the fields of the hub in a Salesforce organisation', () => {
  it('are made and shown to the connected user, once however often that is asked for', async () => {
    const { org, setUp, write } = await organisation();
    for (let times = 0; times < 2; times += 1) await setUp();
    expect(await write(deal)).toMatchObject({ outcome: 'written', created: true });
    expect(await control.salesforceRecords(org.orgId, 'Opportunity')).toMatchObject([{ Crossdock_Order_Status__c: 'processing', Crossdock_External_Id__c: 'order/1' }]);
  });

  it('are made to the end after Salesforce was away in the middle', async () => {
    const { setUp, write } = await organisation();
    await control.addFault('salesforce', { kind: 'status', status: 503, pathPattern: 'POST .*PermissionSetAssignment' });
    await expect(setUp()).rejects.toMatchObject({ kind: 'transient' });
    await control.clearFaults('salesforce');
    await setUp();
    expect(await write(deal)).toMatchObject({ outcome: 'written' });
  });

  it.each<readonly [string, OrgInput]>([
    ['whose edition has no interface for that', { metadataApi: false }],
    ['whose user may not add fields', { permissions: { apiEnabled: true, modifyMetadata: false, customizeApplication: false, authorApex: false, modifyAllData: false } }],
    ['whose user may not show fields', { permissions: { apiEnabled: true, modifyMetadata: true, customizeApplication: true, authorApex: false, modifyAllData: false, managePermissionSets: false } }],
  ])('are all named to the administrator of an organisation %s', async (_case, input) => {
    const { setUp } = await organisation(input);
    await expect(setUp()).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringMatching(/Crossdock_External_Id__c of Account.*of Contact.*of Opportunity.*Crossdock_Order_Status__c of Opportunity, Crossdock_Line_Items__c of Opportunity, Crossdock_Order_Source__c of Opportunity, Crossdock_Sample_Request__c of Opportunity, Crossdock_Sample_Status__c of Opportunity/),
    });
  });

  it('are found where an administrator made them by hand', async () => {
    const { org, setUp } = await organisation({ metadataApi: false });
    await expect(setUp()).rejects.toMatchObject({ kind: 'forbidden' });
    await control.changeSalesforceOrg(org.orgId, { externalIdFields: true });
    await expect(setUp()).resolves.toBeUndefined();
  });

  it('are waited for by records before they are made', async () => {
    const { write } = await organisation();
    const { Crossdock_Order_Status__c: _, ...fields } = deal.fields;
    expect(await write({ ...deal, fields })).toMatchObject({ kind: 'forbidden', message: expect.stringContaining('Crossdock_External_Id__c of Opportunity') });
  });
});
