import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { OutboundHttp, type CallRecord } from '@crossdock/outbound-http';
import { RateBudgets } from '@crossdock/rate-budgets';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { requireTestServer } from '@crossdock/test-stack';
import { HubSpotConnector } from '@crossdock/vendor-hubspot';
import { SalesforceConnector } from '@crossdock/vendor-salesforce';
import { ShippoClient } from '@crossdock/vendor-shippo';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Registry } from 'prom-client';

let sandbox: Sandbox;
let control: SandboxControl;
let redis: Redis;
let metrics: Registry;
let records: CallRecord[];
let http: OutboundHttp;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
  redis = new Redis(requireTestServer('TEST_REDIS_URL'));
});

afterAll(async () => {
  redis.disconnect();
  await sandbox.stop();
});

beforeEach(() => {
  metrics = new Registry();
  records = [];
  http = new OutboundHttp({
    metrics, logger: pino({ level: 'silent' }), allowPrivateNetworks: true,
    budgets: new RateBudgets({ redis, metrics, keyPrefix: 'test:' }), recorder: { record: (call) => records.push(call) },
  });
});

const signal = AbortSignal.timeout(30_000);
const connect = (more: Pick<Connection, 'vendor' | 'accountId' | 'settings' | 'endpoint'>): Connection =>
  ({ id: randomUUID(), tenantId: randomUUID(), state: 'healthy', stateSince: new Date(), ...more });
const tokensOf = (accessToken: string) => ({ get: async () => accessToken, refreshAfter401: async () => accessToken });

/** Each official client with one thing that it does. */
const clients = {
  hubspot: async () => {
    const portal = await control.createHubSpotPortal();
    const client = { hubspotApiUrl: `${sandbox.url}/hubspot`, hubspotClientId: portal.clientId, hubspotClientSecret: portal.clientSecret };
    const connector = new HubSpotConnector({ http, tokens: tokensOf(portal.accessToken), client });
    const connection = connect({ vendor: 'hubspot', accountId: String(portal.portalId), settings: { limits: { callsPerTenSeconds: 50 } } });
    return { connection, act: async () => { await connector.describe(connection, 'contact', signal); } };
  },
  salesforce: async () => {
    const org = await control.createSalesforceOrg({});
    const connector = new SalesforceConnector({ http, tokens: tokensOf(org.accessToken) });
    const connection = connect({ vendor: 'salesforce', accountId: org.orgId, settings: {}, endpoint: org.instanceUrl });
    return { connection, act: async () => { await connector.describe(connection, 'contact', signal); } };
  },
  shippo: async () => {
    const account = await control.createShippoAccount();
    const client = new ShippoClient({ http, vault: { use: (_owner, _fields, work) => work([account.token]) }, apiUrl: `${sandbox.url}/shippo` });
    const connection = connect({ vendor: 'shippo', accountId: account.account, settings: {} });
    return { connection, act: async () => { await client.findLabel(connection, 'no-such-rate', signal); } };
  },
} as const;

async function counted(vendor: string): Promise<number> {
  const { values } = await metrics.getSingleMetric('crossdock_vendor_budget_total')?.get() ?? { values: [] };
  return values.filter(({ labels }) => labels['vendor'] === vendor && labels['answer'] === 'granted').reduce((total, { value }) => total + value, 0);
}

describe.each(Object.keys(clients) as Array<keyof typeof clients>)('the official client of %s', (vendor) => {
  it('goes the one way out: each of its calls is counted in the account’s budget and leaves a record', async () => {
    const { connection, act } = await clients[vendor]();
    await act();
    expect(records.length).toBeGreaterThan(0);
    expect(await counted(vendor)).toBe(records.length);
    for (const record of records) expect(record).toMatchObject({ vendor, tenantId: connection.tenantId, connectionId: connection.id, outcome: 'success' });
    const keys = await redis.keys(`test:budget:{${connection.tenantId}/${connection.id}}*`);
    expect(keys).not.toEqual([]);
  });
});
