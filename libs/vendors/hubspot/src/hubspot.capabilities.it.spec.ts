import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import type { CapabilityName, CapabilityReport } from '@crossdock/contracts';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { HubSpotConnector } from './hubspot.connector.ts';
import { hubSpotScopes } from './hubspot.scopes.ts';

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

/** An account whose app was granted all scopes but these. */
async function accountWithout(...lacking: readonly string[]) {
  const scopes = hubSpotScopes.map(({ name }) => name).filter((name) => !lacking.includes(name));
  const portal = await control.createHubSpotPortal({ scopes });
  const tokens = { get: async () => portal.accessToken, refreshAfter401: async () => portal.accessToken };
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'hubspot', accountId: String(portal.portalId), settings: {}, state: 'healthy', stateSince: new Date(),
  };
  const client = { hubspotApiUrl: `${sandbox.url}/hubspot`, hubspotClientId: portal.clientId, hubspotClientSecret: portal.clientSecret };
  const connector = new HubSpotConnector({ http, tokens, client });
  const signal = AbortSignal.timeout(30_000);
  return {
    portal,
    setUp: () => connector.setUp(connection, signal),
    probe: () => connector.probeCapabilities(connection, signal),
  };
}

function missing({ capabilities }: CapabilityReport): CapabilityName[] {
  return capabilities.filter(({ available }) => !available).map(({ name }) => name);
}

describe('what a HubSpot account allows', () => {
  it('is everything with all scopes, once the properties for the keys have been made', async () => {
    const account = await accountWithout();
    const before = await account.probe();
    expect([before.mode, missing(before)]).toEqual(['full', ['key_field']]);
    await account.setUp();
    const after = await account.probe();
    expect([after.mode, missing(after)]).toEqual(['full', []]);
  });

  it.each<readonly [string, CapabilityReport['mode'], readonly CapabilityName[]]>([
    ['crm.schemas.deals.write', 'light', ['create_fields', 'key_field']],
    ['crm.objects.deals.write', 'read_only', ['write_records', 'key_field']],
    ['crm.schemas.companies.write', 'light', ['create_fields', 'key_field']],
    ['crm.objects.contacts.read', 'none', ['read_records', 'key_field']],
    ['crm.objects.companies.read', 'none', ['read_records', 'key_field']],
    ['crm.objects.line_items.write', 'full', ['key_field', 'line_items']],
  ])('is told where the scope %s was not granted', async (scope, mode, names) => {
    const report = await (await accountWithout(scope)).probe();
    expect([report.mode, missing(report)]).toEqual([mode, names]);
  });

  it('is made as far as it may be, and what a person has to make or to mend is named at once', async () => {
    const account = await accountWithout('crm.schemas.companies.write');
    await control.addHubSpotProperty(account.portal.portalId, 'contacts', 'crossdock_external_id', { hasUniqueValue: false });
    await expect(account.setUp()).rejects.toMatchObject({ kind: 'forbidden', message: expect.stringMatching(/crossdock_external_id of companies.*crossdock_external_id of contacts/s) });
    for (const name of ['crossdock_external_id', 'crossdock_order_status']) {
      const answer = await fetch(`${sandbox.url}/hubspot/crm/v3/properties/deals/${name}`, { headers: { authorization: `Bearer ${account.portal.accessToken}` } });
      expect(await answer.json()).toMatchObject({ type: 'string', hasUniqueValue: name === 'crossdock_external_id' });
    }
  });

  it('asks for a person where the token is not known any more', async () => {
    const account = await accountWithout();
    await control.addFault('hubspot', { kind: 'expire-token', account: String(account.portal.portalId) });
    await expect(account.probe()).rejects.toMatchObject({ kind: 'unauthorised' });
  });
});
