import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Consumer } from 'kafkajs';
import { pino, type Logger } from 'pino';
import { crmUpsertCompleted, crmUpsertRequested, envelopeSchema, type CrmVendor } from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { EventPublisher } from '@crossdock/event-bus';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { crmPipedriveDefinition } from '../../apps/crm-pipedrive/src/crm-pipedrive.definition.ts';
import { crmSalesforceDefinition } from '../../apps/crm-salesforce/src/crm-salesforce.definition.ts';
import { crmZohoDefinition } from '../../apps/crm-zoho/src/crm-zoho.definition.ts';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';

/** What differs between the CRMs: a new account of theirs, which the next person on their page chooses. */
interface CrmUnderTest {
  readonly vendor: CrmVendor;
  readonly start: (world: ConnectingGateway) => Promise<RunningService>;
  readonly newAccount: (world: ConnectingGateway) => Promise<string>;
}

async function startBeside(world: ConnectingGateway, name: `crm-${CrmVendor}`, start: (environment: Record<string, string>, logger: Logger) => Promise<RunningService>): Promise<RunningService> {
  return start({ ...world.environment, DATABASE_URL: await world.database.migrateService(name, crmServiceSchemas(name)) }, pino({ level: 'silent' }));
}

const crms: readonly CrmUnderTest[] = [
  {
    vendor: 'hubspot',
    start: (world) => startBeside(world, 'crm-hubspot', (environment, logger) =>
      startService(crmHubSpotDefinition, loadConfig(crmHubSpotDefinition.config, environment), logger)),
    newAccount: async (world) => String((await world.control.createHubSpotPortal({ ...world.app, portalId: randomInt(1_000_000, 99_999_999) })).portalId),
  },
  {
    vendor: 'salesforce',
    start: (world) => startBeside(world, 'crm-salesforce', (environment, logger) =>
      startService(crmSalesforceDefinition, loadConfig(crmSalesforceDefinition.config, environment), logger)),
    newAccount: async (world) => (await world.control.createSalesforceOrg({ ...world.app, rotateRefreshTokens: true })).orgId,
  },
  {
    vendor: 'pipedrive',
    start: (world) => startBeside(world, 'crm-pipedrive', (environment, logger) =>
      startService(crmPipedriveDefinition, loadConfig(crmPipedriveDefinition.config, environment), logger)),
    newAccount: async (world) => (await world.control.createPipedriveCompany({ ...world.app })).domain,
  },
  {
    vendor: 'zoho',
    start: (world) => startBeside(world, 'crm-zoho', (environment, logger) =>
      startService(crmZohoDefinition, loadConfig(crmZohoDefinition.config, environment), logger)),
    newAccount: async (world) => (await world.control.createZohoOrg({ ...world.app })).orgId,
  },
];

let world: ConnectingGateway;
let consumer: Consumer;
const answers = new Map<string, { readonly outcome: string }>();

beforeAll(async () => {
  world = await ConnectingGateway.start({ CONNECTION_PROBE_SECONDS: '2' });
  consumer = world.topics.kafka.consumer({ groupId: `${world.topics.prefix}listener` });
  await consumer.connect();
  await consumer.subscribe({ topic: world.topics.prefix + crmUpsertCompleted.type, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { data } = envelopeSchema.parse(JSON.parse(message.value?.toString() ?? ''));
      const { requestId, result } = crmUpsertCompleted.schema.parse(data);
      answers.set(requestId, result);
    },
  });
}, 60_000);

afterAll(async () => {
  await consumer.disconnect();
  await world.stop();
}, 60_000);

describe.each(crms)('the life of a $vendor connection', ({ vendor, start, newAccount }) => {
  let crm: RunningService;
  beforeAll(async () => {
    crm = await start(world);
  }, 60_000);
  afterAll(() => crm.stop());

  it('goes on through tokens that run out under load, a revocation and a new consent, and loses no work', async () => {
    const tenant = await world.tenant();
    const account = await newAccount(world);
    const healthOf = async (id: string) => (await tenant.call('GET', `/v1/connections/${id}/health`)).body;
    const comesTo = (id: string, state: string) => eventually(`the connection to be ${state}`, async () => {
      const health = await healthOf(id);
      return health['state'] === state && health;
    }, 60_000);
    const agree = async (begun: string) => {
      await world.control.setConsent(vendor, { account });
      const browser = world.browser();
      return browser.open(await browser.agree(begun));
    };

    expect((await agree(await tenant.begin({ vendor }))).status).toBe(200);
    const [{ id: madeId } = {}] = await tenant.connections();
    const connectionId = String(madeId);
    await comesTo(connectionId, 'healthy');

    const ask = (email = `${randomUUID()}@example.com`): Promise<string> => {
      const requestId = randomUUID();
      const record = { object: 'contact' as const, fields: { email, lastName: 'Muster' } };
      return tenantContext.run({ tenantId: tenant.id, correlationId: randomUUID() }, () =>
        world.service.app.get(TenantDatabase).transaction(tenant.id, async (manager) => {
          await world.service.app.get(EventPublisher).publish(manager, crmUpsertRequested, {
            id: requestId, subject: `test/${requestId}`, data: { requestId, vendor, connectionId, record },
          });
          return requestId;
        }));
    };
    const answered = (requestIds: readonly string[]) => eventually('all answers', () =>
      requestIds.every((requestId) => answers.has(requestId)) && requestIds.map((requestId) => answers.get(requestId)?.outcome), 60_000);

    const asked: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      await world.control.addFault(vendor, { kind: 'expire-token', account });
      asked.push(...await Promise.all(Array.from({ length: 10 }, () => ask())));
    }
    expect(new Set(await answered(asked))).toEqual(new Set(['upserted']));
    expect(await healthOf(connectionId)).toMatchObject({ state: 'healthy' });

    for (const kind of ['revoke-token', 'expire-token'] as const) await world.control.addFault(vendor, { kind, account });
    const waiting = [await ask(), await ask()];
    expect(await comesTo(connectionId, 'needs_reconnect')).toMatchObject({ reason: { code: 'authorisation_refused' }, banner: { action: { name: 'reconnect' } } });
    expect(waiting.some((requestId) => answers.has(requestId))).toBe(false);

    expect((await agree(await tenant.begin({}, `/v1/connections/${connectionId}/reconnect`))).status).toBe(200);
    await comesTo(connectionId, 'healthy');
    expect(await answered(waiting)).toEqual(['upserted', 'upserted']);
    expect(await tenant.connections()).toHaveLength(1);

    await tenant.call('DELETE', `/v1/connections/${connectionId}`);
    await eventually('the authorisation to be taken back at the vendor', async () => (await tenant.audit()).includes('connection.revoked revoked'), 30_000);
  }, 180_000);
});
