import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Consumer } from 'kafkajs';
import type { Logger } from 'pino';
import { z } from 'zod';
import { dealChanged, envelopeSchema, type EventData } from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { eventually } from '@crossdock/test-stack';
import { crmDynamicsDefinition } from '../../apps/crm-dynamics/src/crm-dynamics.definition.ts';
import { crmPipedriveDefinition } from '../../apps/crm-pipedrive/src/crm-pipedrive.definition.ts';
import { crmZohoDefinition } from '../../apps/crm-zoho/src/crm-zoho.definition.ts';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ServiceFront } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import { agree, startBeside } from './connection-life.fixture.ts';

/** A new account of a CRM that tells of its changes by webhook, and a person who works in it. */
interface ListeningAccount {
  /** What the person on the consent page chooses, and what the administrator says before. */
  readonly account?: string;
  readonly settings?: Record<string, unknown>;
  /** Makes a deal in the CRM's own pages. @returns its id. */
  readonly makeDeal: () => Promise<string>;
}

type Environment = Record<string, string>;
interface ListeningCrm {
  readonly vendor: 'zoho' | 'pipedrive' | 'dynamics';
  readonly start: (environment: Environment, logger: Logger) => Promise<RunningService>;
  readonly newAccount: () => Promise<ListeningAccount>;
}

const crms: readonly ListeningCrm[] = [
  {
    vendor: 'zoho',
    start: (environment, logger) => startService(crmZohoDefinition, loadConfig(crmZohoDefinition.config, environment), logger),
    newAccount: async () => {
      const { orgId } = await world.control.createZohoOrg({ ...world.app, location: 'eu' });
      return {
        account: orgId,
        makeDeal: async () => (await world.control.addZohoRecord(orgId, 'Deals', { Deal_Name: 'Order 1001', Stage: 'Qualification' })).id,
      };
    },
  },
  {
    vendor: 'pipedrive',
    start: (environment, logger) => startService(crmPipedriveDefinition, loadConfig(crmPipedriveDefinition.config, environment), logger),
    newAccount: async () => {
      const { domain } = await world.control.createPipedriveCompany(world.app);
      return {
        account: domain,
        makeDeal: async () => String((await world.control.addPipedriveRecord(domain, 'deals', { title: 'Order 1001' }))['id']),
      };
    },
  },
  {
    vendor: 'dynamics',
    start: (environment, logger) => startService(crmDynamicsDefinition, loadConfig(crmDynamicsDefinition.config, environment), logger),
    newAccount: async () => {
      const { orgId, environmentUrl } = await world.control.createDynamicsEnvironment(world.app);
      return {
        settings: { environmentUrl },
        makeDeal: async () => String((await world.control.addDynamicsRow(orgId, 'opportunities', { name: 'Order 1001' }))['opportunityid']),
      };
    },
  },
];

const viewSchema = z.looseObject({
  job: z.looseObject({ id: z.uuid(), state: z.string() }), capabilities: z.looseObject({ mode: z.string() }).optional(),
  changeNotices: z.looseObject({ kind: z.string() }).optional(),
});
const told: Array<EventData<typeof dealChanged>> = [];
const fronts = new Map<string, ServiceFront>();
const services: RunningService[] = [];
let world: ConnectingGateway;
let consumer: Consumer;

beforeAll(async () => {
  for (const { vendor } of crms) fronts.set(vendor, await ServiceFront.start());
  const addresses = Object.fromEntries([...fronts].map(([vendor, { url }]) => [`CRM_${vendor.toUpperCase()}_URL`, url]));
  world = await ConnectingGateway.start(addresses, undefined, { isReachable: true });
  const tokens = new Map<string, string>();
  for (const audience of ['crm-salesforce', ...crms.map(({ vendor }) => `crm-${vendor}`)]) {
    tokens.set(audience, await world.issuer.sign({ claims: { aud: audience, scope: 'connections:read connections:write records:read tenant:any' } }));
  }
  await Promise.all(crms.map(async ({ vendor, start }) => {
    const service = await startBeside(world, `crm-${vendor}`, crmServiceSchemas(`crm-${vendor}`), start);
    fronts.get(vendor)?.leadTo(service);
    services.push(service);
  }));
  world.issuer.tokenEndpoint = (form) => ({ status: 200, body: { access_token: tokens.get(form.get('audience') ?? ''), token_type: 'Bearer', expires_in: 600 } });
  consumer = world.topics.kafka.consumer({ groupId: `${world.topics.prefix}listener` });
  await consumer.connect();
  await consumer.subscribe({ topic: world.topics.prefix + dealChanged.type, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => void told.push(dealChanged.schema.parse(envelopeSchema.parse(JSON.parse(message.value?.toString() ?? '')).data)),
  });
});

afterAll(async () => {
  await consumer.disconnect();
  await Promise.all(services.map((service) => service.stop()));
  for (const front of fronts.values()) await front.stop();
  await world.stop();
});

/** A tenant that has connected a new account at the gateway, and its set-up as the gateway shows it. */
async function connected({ vendor, newAccount }: ListeningCrm) {
  const tenant = await world.tenant();
  const { account, settings, makeDeal } = await newAccount();
  await world.consenting(vendor, account === undefined ? {} : { account }, () => agree(world, tenant, { vendor, ...(settings && { settings }) }));
  const [connection] = await tenant.connections();
  const id = String(connection?.['id']);
  const setUp = (method: 'GET' | 'POST') => tenant.call(method, `/v1/connections/${id}/set-up`);
  const ended = (but?: string) => eventually('the set-up to end', async () => {
    const { status, body } = await setUp('GET');
    const view = status === 200 ? viewSchema.parse(body) : undefined;
    return view?.job.state === 'succeeded' && view.job.id !== but && view;
  }, 60_000);
  return { tenant, id, makeDeal, setUp, ended };
}

describe('an account that was connected at the gateway', () => {
  it.concurrent.each(crms)('tells of a deal that a person made in $vendor, by webhook, and the deal becomes an event', async (crm) => {
    const { id, makeDeal, ended } = await connected(crm);
    await ended();
    const dealId = await makeDeal();
    const deal = await eventually('the deal', () => told.find(({ source }) => source.connectionId === id && source.externalId === dealId), 60_000);
    expect(deal).toMatchObject({ source: { vendor: crm.vendor }, status: 'open' });
  }, 120_000);
});

describe('an account that somebody waits for', () => {
  it.concurrent.each(crms)('is asked for records of $vendor within a second', async (crm) => {
    const { tenant, id, makeDeal, ended } = await connected(crm);
    await ended();
    const dealId = await makeDeal();
    const search = (name = 'Order 1001') => tenant.call('POST', `/v1/connections/${id}/records/deal/search`, { field: 'name', values: [name] });
    const found = await eventually('the search to know of the deal', async () => {
      const { status, body } = await search();
      return status === 200 && Array.isArray(body['records']) && body['records'].length > 0 && body;
    });
    expect(found).toMatchObject({ records: [{ object: 'deal', externalId: dealId, fields: { name: 'Order 1001', status: 'open' } }] });
    await world.control.addFault(crm.vendor, { kind: 'latency', latencyMs: 5_000, times: 20 });
    const startedMs = performance.now();
    expect(await search('Order 1002')).toMatchObject({ status: 503, body: { detail: expect.stringContaining('within a second') as unknown } });
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    expect(await search()).toMatchObject({ status: 200, body: { stale: true, records: [{ externalId: dealId }] } });
    await world.control.clearFaults(crm.vendor);
    expect((await (await world.tenant()).call('POST', `/v1/connections/${id}/records/deal/search`, { field: 'name', values: ['Order 1001'] })).status).toBe(404);
  }, 120_000);
});

describe('the set-up of a connected account', () => {
  it.concurrent.each(crms)('of $vendor is shown at the gateway, is gone through once more there, and is shown to nobody else', async (crm) => {
    const { id, setUp, ended } = await connected(crm);
    const first = await ended();
    expect(first).toMatchObject({ connectionId: id, capabilities: { mode: 'full' }, changeNotices: { kind: expect.any(String) } });
    const begun = await setUp('POST');
    expect(begun).toMatchObject({ status: 202, body: { connectionId: id } });
    expect(await ended(first.job.id)).toMatchObject({ job: { id: viewSchema.parse(begun.body).job.id } });
    const other = await world.tenant();
    for (const method of ['GET', 'POST'] as const) expect((await other.call(method, `/v1/connections/${id}/set-up`)).status).toBe(404);
  }, 120_000);
});

describe('the mapping of an account at the gateway', () => {
  it.concurrent.each(crms.filter(({ vendor }) => vendor !== 'dynamics'))('is the defaults, which fit the account of $vendor, can be saved otherwise, says what is wrong, and is shown to nobody else', async (crm) => {
    const { tenant, id, ended } = await connected(crm);
    await ended();
    const address = (object: string) => `/v1/connections/${id}/mappings/${object}`;
    for (const object of ['contact', 'company', 'deal']) {
      const { status, body } = await tenant.call('GET', address(object));
      expect([object, status, body]).toMatchObject([object, 200, { version: 0, drift: [] }]);
      expect(body['problems']).not.toEqual(expect.arrayContaining([expect.objectContaining({ code: expect.stringMatching(/misfit|left_out|read_only|not_readable|no_counterpart/) as unknown })]));
    }
    const schema = await tenant.call('GET', `/v1/connections/${id}/schema/contact`);
    expect(schema).toMatchObject({ status: 200, body: { object: 'contact' } });
    const seen = (version: number) => ({ 'if-match': `"mapping-${version}"` });
    expect(await tenant.call('PUT', address('contact'), { off: ['country'] })).toMatchObject({ status: 428 });
    expect(await tenant.call('PUT', address('contact'), { off: ['country'] }, seen(0))).toMatchObject({ status: 200, body: { version: 1, off: ['country'], versions: [{ savedBy: expect.any(String) as unknown }] } });
    expect(await tenant.call('PUT', address('contact'), {}, seen(0))).toMatchObject({ status: 412, body: { detail: expect.stringContaining('version 1 holds') as unknown } });
    expect(await tenant.call('POST', `${address('contact')}/roll-back`, { version: 0 }, seen(0))).toMatchObject({ status: 412 });
    expect(await tenant.call('PUT', address('contact'), { fields: [{ canonical: 'nickname', field: 'no_such_field' }] }, seen(1))).toMatchObject({
      status: 422, body: { code: 'invalid', problems: expect.arrayContaining([expect.objectContaining({ code: 'unknown_field', field: 'no_such_field' })]) as unknown },
    });
    expect(await tenant.call('POST', `${address('contact')}/try`, { ids: ['999999999'] })).toMatchObject({ status: 200, body: { records: [{ outcome: 'not_found' }] } });
    expect((await (await world.tenant()).call('GET', address('contact'))).status).toBe(404);
  }, 120_000);
});

describe('the set-up of an account at the gateway', () => {
  it('is not found where the vendor needs none, and comes later where its service is away', async () => {
    const tenant = await world.tenant();
    const idOf = async (body: object) => String((await tenant.call('POST', '/v1/connections', body)).body['id']);
    const shop = await idOf({ vendor: 'shippo', accountId: 'none', credentials: { webhook_token: 'x'.repeat(20) } });
    expect((await tenant.call('GET', `/v1/connections/${shop}/set-up`)).status).toBe(404);
    const org = await idOf({ vendor: 'salesforce', accountId: '00D000000000001', credentials: { refresh_token: 'x'.repeat(20) } });
    expect((await tenant.call('GET', `/v1/connections/${org}/set-up`)).status).toBe(503);
  });
});
