import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import type { CapabilityName, CapabilityReport } from '@crossdock/contracts';
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
  const org = await control.createSalesforceOrg(input);
  const tokens = { get: async () => org.accessToken, refreshAfter401: async () => org.accessToken };
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'salesforce', accountId: org.orgId, state: 'healthy', stateSince: new Date(),
    endpoint: org.instanceUrl, settings: { companyCurrency: 'EUR' },
  };
  const connector = new SalesforceConnector({ http, tokens });
  return { org, probe: () => connector.probeCapabilities(connection, AbortSignal.timeout(30_000)) };
}

function missing({ capabilities }: CapabilityReport): CapabilityName[] {
  return capabilities.filter(({ available }) => !available).map(({ name }) => name);
}

const noDeploy = { modifyMetadata: false, customizeApplication: false };
const readOnly = { queryable: true, createable: false, updateable: false, deletable: false };

describe('what a Salesforce organisation allows', () => {
  it('is everything where its user may change the organisation', async () => {
    const report = await (await organisation()).probe();
    expect(report).toMatchObject({ mode: 'full', edition: 'Enterprise Edition' });
    expect(missing(report)).toEqual([]);
  });

  it.each<readonly [string, OrgInput, CapabilityReport['mode'], readonly CapabilityName[]]>([
    ['without the right to deploy', { permissions: { apiEnabled: true, authorApex: false, modifyAllData: false, ...noDeploy } }, 'light', ['create_fields', 'custom_objects']],
    ['where nobody has made the key field', { externalIdFields: false }, 'full', ['key_field']],
    ['without Visualforce', { visualforce: false, edition: 'Professional Edition' }, 'full', ['embedded_pages']],
    ['where opportunities may not be written', { objectRights: { Opportunity: readOnly } }, 'read_only', ['write_records']],
    ['where contacts are hidden', { objectRights: { Contact: { ...readOnly, queryable: false } } }, 'none', ['read_records', 'write_records', 'key_field']],
    ['without the interface', { apiEnabled: false, edition: 'Team Edition' }, 'none', ['api']],
  ])('is told %s, with what it costs', async (_case, input, mode, names) => {
    const report = await (await organisation(input)).probe();
    expect([report.mode, missing(report)]).toEqual([mode, names]);
    for (const { consequence } of report.capabilities) expect(consequence).toMatch(/\.$/);
  });

  it('follows what an administrator changes', async () => {
    const { org, probe } = await organisation();
    await control.changeSalesforceOrg(org.orgId, { permissions: noDeploy });
    expect((await probe()).mode).toBe('light');
    await control.changeSalesforceOrg(org.orgId, { apiEnabled: false });
    expect((await probe()).mode).toBe('none');
  });

  it.each([['read_only', { Account: { createable: false } }], ['none', { Account: { queryable: false } }]] as const)(
    'is %s where the user lacks a right to accounts', async (mode, objectRights) => {
      const { org, probe } = await organisation();
      await control.changeSalesforceOrg(org.orgId, { objectRights });
      expect((await probe()).mode).toBe(mode);
    },
  );

  it('is not guessed where Salesforce gives no answer', async () => {
    const { org, probe } = await organisation({ dailyApiRequests: 1 });
    await expect(probe()).rejects.toMatchObject({ kind: 'quota_exhausted' });
    await control.addFault('salesforce', { kind: 'status', status: 503, times: 3 });
    await expect((await organisation()).probe()).rejects.toMatchObject({ kind: 'transient' });
    await control.clearFaults('salesforce');
    await control.addFault('salesforce', { kind: 'expire-token', account: org.orgId });
    // The token endpoint still gives tokens, so that nobody has to reconnect.
    await expect(probe()).rejects.toMatchObject({ kind: 'transient' });
  });
});
