import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ZohoConnector } from './zoho.connector.ts';

const signal = AbortSignal.timeout(60_000);
const target = { url: 'https://hub.example/webhooks/zoho/1', secret: 'the token' };
const dayMs = 86_400_000;

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

async function organisation(options: Parameters<SandboxControl['createZohoOrg']>[0] = {}) {
  const org = await control.createZohoOrg(options);
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'zoho', accountId: org.orgId, state: 'healthy', stateSince: new Date(),
    settings: { location: 'us', apiDomain: org.apiUrl, companyCurrency: 'EUR', edition: 'enterprise' },
  };
  const clock = { nowMs: Date.now() };
  const connector = new ZohoConnector({ http, tokens: { get: async () => org.accessToken, refreshAfter401: async () => org.accessToken }, now: () => clock.nowMs });
  return {
    org, clock,
    setUp: () => connector.setUp(connection, signal),
    probe: async () => {
      const { mode, capabilities } = await connector.probeCapabilities(connection, signal);
      return [mode, capabilities.filter(({ available }) => !available).map(({ name }) => name)];
    },
    subscribe: () => connector.subscribe(connection, target, signal),
  };
}

describe('what a Zoho organisation allows', () => {
  it('is everything once the hub’s fields have been made', async () => {
    const { probe, setUp } = await organisation();
    expect(await probe()).toEqual(['full', ['key_field']]);
    await setUp();
    expect(await probe()).toEqual(['full', []]);
  });

  it('is reading where the user may not edit deals, and nothing where contacts are hidden', async () => {
    const { org, probe, setUp } = await organisation();
    await setUp();
    await control.changeZohoOrg(org.orgId, { moduleRights: { Deals: { editable: false } } });
    expect(await probe()).toEqual(['read_only', ['write_records']]);
    await control.changeZohoOrg(org.orgId, { moduleRights: { Contacts: { viewable: false } } });
    expect(await probe()).toEqual(['none', ['read_records']]);
  });

  it('is nothing where the scope to look was not granted', async () => {
    expect(await (await organisation({ scopes: ['ZohoCRM.modules.ALL'] })).probe()).toEqual(['none', ['api']]);
  });
});

describe('hearing of changes in a Zoho organisation', () => {
  it('opens one channel for six days, and renewing it moves its end', async () => {
    const { org, clock, subscribe } = await organisation();
    const first = await subscribe();
    expect(first).toEqual({ kind: 'account', endsAt: new Date(Math.floor((clock.nowMs + 6 * dayMs) / 1_000) * 1_000).toISOString() });
    clock.nowMs += dayMs / 2;
    const second = await subscribe();
    expect(second).toMatchObject({ kind: 'account' });
    expect(second).not.toEqual(first);
    expect(await control.zohoChannels(org.orgId)).toEqual([{
      channelId: expect.stringMatching(/^\d{1,15}$/), events: ['Contacts.all', 'Accounts.all', 'Deals.all'], notifyUrl: target.url, token: target.secret, expiresAt: 'endsAt' in second ? second.endsAt : '',
    }]);
  });

  it('is told to be missing where the scope was not granted', async () => {
    expect(await (await organisation({ scopes: ['ZohoCRM.modules.ALL'] })).subscribe()).toMatchObject({ kind: 'none', reason: expect.stringContaining('notifications') });
  });
});
