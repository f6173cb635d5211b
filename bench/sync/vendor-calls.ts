import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type CrmVendor } from '@crossdock/contracts';
import type { FieldSelection, RecordConnector, RecordWrite } from '@crossdock/crm-connector';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl } from '@crossdock/sandbox';
import { HubSpotConnector } from '@crossdock/vendor-hubspot';
import { SalesforceConnector } from '@crossdock/vendor-salesforce';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { BenchContext, Figure } from '../bench.ts';
import { valueFigure } from '../figures.ts';
import { BenchProcesses } from '../servers/bench-process.ts';
import { startSandboxProcess } from '../servers/crm-salesforce.ts';

const records = 1_000;
/** So many are written one by one for the baseline; more would only wait for the vendor's limits. */
const oneByOne = 50;

interface Account {
  readonly connector: RecordConnector;
  readonly connection: Connection;
}

/**
 * How many calls it costs to write a change to each of 1,000 contacts and to hear of these changes again. Beside it the same
 * with one call a record, reckoned up from fifty records.
 */
export async function measureVendorCalls(context: BenchContext): Promise<Figure[]> {
  const processes = new BenchProcesses();
  let calls = 0;
  const http = new OutboundHttp({
    metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true,
    recorder: {
      record: () => {
        calls += 1;
      },
    },
  });
  const counted = async (work: () => Promise<unknown>): Promise<number> => {
    const before = calls;
    await work();
    return calls - before;
  };
  try {
    const sandboxUrl = await startSandboxProcess(processes);
    const control = new SandboxControl(sandboxUrl);
    const hubspot = await callsOf(await hubSpotAccount(http, control, `${sandboxUrl}/hubspot`), counted);
    const salesforce = await callsOf(await salesforceAccount(http, control), counted);
    context.say(`${records} contacts changed and told: ${hubspot.inBatches} calls to HubSpot, ${salesforce.inBatches} to Salesforce`);
    return [
      valueFigure({ name: 'hubspot-calls-per-1000', unit: 'calls', value: hubspot.inBatches, baseline: hubspot.oneByOne, goal: 25, lowerIsBetter: true }),
      valueFigure({ name: 'salesforce-calls-per-1000', unit: 'calls', value: salesforce.inBatches, baseline: salesforce.oneByOne, goal: 10, lowerIsBetter: true }),
    ];
  } finally {
    await http.close();
    await processes.stopAll();
  }
}

async function callsOf({ connector, connection }: Account, counted: (work: () => Promise<unknown>) => Promise<number>): Promise<{ inBatches: number; oneByOne: number }> {
  const signal = AbortSignal.timeout(120_000);
  const description = await connector.describe(connection, 'contact', signal);
  const { email, lastName } = connector.defaultMapping.contact;
  if (!email || !lastName) throw new Error(`${connector.vendor} keeps neither e-mails nor names.`);
  const selection = { description, fieldNames: [email.field, lastName.field] };
  const write = async (writes: RecordWrite[]): Promise<string[]> =>
    (await connector.write(connection, description, writes, signal)).map((result) => {
      if (result instanceof Failure) throw result;
      return result.id;
    });
  const ids = await write(Array.from({ length: records }, () => ({
    target: { key: randomUUID() }, fields: { [email.field]: `${randomUUID()}@example.com`, [lastName.field]: 'Muster' },
  })));
  const renamed = (id: string, name: string): RecordWrite => ({ target: { id }, fields: { [lastName.field]: name } });
  const cursor = await lastCursor(connector, connection, selection, undefined, signal);
  const inBatches = await counted(async () => {
    await write(ids.map((id) => renamed(id, 'Beispiel')));
    await lastCursor(connector, connection, selection, cursor, signal);
  });
  const few = await counted(async () => {
    for (const id of ids.slice(0, oneByOne)) {
      await write([renamed(id, 'Einzeln')]);
      await connector.getByIds(connection, selection, [id], signal);
    }
  });
  return { inBatches, oneByOne: few * (records / oneByOne) };
}

async function lastCursor(connector: RecordConnector, connection: Connection, selection: FieldSelection, from: string | undefined, signal: AbortSignal): Promise<string> {
  let cursor = from;
  for (;;) {
    const page = await connector.listChanges(connection, selection, cursor, signal);
    cursor = page.cursor;
    if (!page.hasMore) return cursor;
  }
}

async function hubSpotAccount(http: OutboundHttp, control: SandboxControl, apiUrl: string): Promise<Account> {
  const portal = await control.createHubSpotPortal();
  const connection = connectionTo('hubspot', String(portal.portalId));
  const tokens = tokensOf(portal.accessToken);
  const client = { hubspotApiUrl: apiUrl, hubspotAppUrl: apiUrl, hubspotClientId: portal.clientId, hubspotClientSecret: portal.clientSecret };
  const connector = new HubSpotConnector({ http, tokens, client });
  await connector.setUp(connection, AbortSignal.timeout(60_000));
  return { connector, connection };
}

async function salesforceAccount(http: OutboundHttp, control: SandboxControl): Promise<Account> {
  const org = await control.createSalesforceOrg();
  const connection = { ...connectionTo('salesforce', org.orgId), endpoint: org.instanceUrl, settings: { companyCurrency: 'EUR' } };
  return { connector: new SalesforceConnector({ http, tokens: tokensOf(org.accessToken) }), connection };
}

function connectionTo(vendor: CrmVendor, accountId: string): Connection {
  return { id: randomUUID(), tenantId: randomUUID(), vendor, accountId, settings: {}, state: 'healthy', stateSince: new Date() };
}

/** The tokens of a run outlive it. */
function tokensOf(accessToken: string): { get: () => Promise<string>; refreshAfter401: () => Promise<string> } {
  return {
    get: async () => accessToken,
    refreshAfter401: async () => {
      throw new Failure('unauthorised', 'The stand-in refuses a token that it gave for this run.');
    },
  };
}
