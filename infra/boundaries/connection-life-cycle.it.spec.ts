import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Consumer } from 'kafkajs';
import { crmUpsertCompleted, crmUpsertRequested, envelopeSchema, type CrmVendor } from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { EventPublisher } from '@crossdock/event-bus';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { crmDynamicsDefinition } from '../../apps/crm-dynamics/src/crm-dynamics.definition.ts';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { crmPipedriveDefinition } from '../../apps/crm-pipedrive/src/crm-pipedrive.definition.ts';
import { crmSalesforceDefinition } from '../../apps/crm-salesforce/src/crm-salesforce.definition.ts';
import { crmZohoDefinition } from '../../apps/crm-zoho/src/crm-zoho.definition.ts';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { agree, liveThrough, startBeside, type Life, type LivingAccount } from './connection-life.fixture.ts';

type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;

/** An account that the next person on the vendor's page chooses, and what is said of it at the beginning. */
interface NewAccount {
  readonly account: string;
  readonly settings?: Record<string, unknown>;
}

/** What differs between the CRMs. */
interface CrmUnderTest {
  readonly vendor: CrmVendor;
  readonly start: (world: ConnectingGateway) => Promise<RunningService>;
  readonly newAccount: (world: ConnectingGateway) => Promise<NewAccount>;
  readonly revocation?: Life['revocation'];
  /** Pieces of work of each of six rounds; ten where the vendor lets them through at once. */
  readonly askedPerRound?: number;
}

const crms: readonly CrmUnderTest[] = [
  {
    vendor: 'hubspot',
    start: (world) => startBeside(world, 'crm-hubspot', crmServiceSchemas('crm-hubspot'), (environment, logger) =>
      startService(crmHubSpotDefinition, loadConfig(crmHubSpotDefinition.config, environment), logger)),
    newAccount: async (world) => ({ account: String((await world.control.createHubSpotPortal({ ...world.app, portalId: randomInt(1_000_000, 99_999_999) })).portalId) }),
  },
  {
    vendor: 'salesforce',
    start: (world) => startBeside(world, 'crm-salesforce', crmServiceSchemas('crm-salesforce'), (environment, logger) =>
      startService(crmSalesforceDefinition, loadConfig(crmSalesforceDefinition.config, environment), logger)),
    newAccount: async (world) => ({ account: (await world.control.createSalesforceOrg({ ...world.app, rotateRefreshTokens: true })).orgId }),
  },
  {
    vendor: 'pipedrive',
    // Each contact is searched for, and Pipedrive grants ten searches in two seconds.
    askedPerRound: 3,
    start: (world) => startBeside(world, 'crm-pipedrive', crmServiceSchemas('crm-pipedrive'), (environment, logger) =>
      startService(crmPipedriveDefinition, loadConfig(crmPipedriveDefinition.config, environment), logger)),
    newAccount: async (world) => ({ account: (await world.control.createPipedriveCompany({ ...world.app })).domain }),
  },
  {
    vendor: 'zoho',
    start: (world) => startBeside(world, 'crm-zoho', crmServiceSchemas('crm-zoho'), (environment, logger) =>
      startService(crmZohoDefinition, loadConfig(crmZohoDefinition.config, environment), logger)),
    newAccount: async (world) => ({ account: (await world.control.createZohoOrg({ ...world.app })).orgId }),
  },
  {
    vendor: 'dynamics',
    revocation: 'not_offered',
    start: (world) => startBeside(world, 'crm-dynamics', crmServiceSchemas('crm-dynamics'), (environment, logger) =>
      startService(crmDynamicsDefinition, loadConfig(crmDynamicsDefinition.config, environment), logger)),
    newAccount: async (world) => {
      const { orgId, environmentUrl } = await world.control.createDynamicsEnvironment({ ...world.app });
      return { account: orgId, settings: { environmentUrl } };
    },
  },
];

let world: ConnectingGateway;
let services: RunningService[];
let consumer: Consumer;
const outcomes = new Map<string, string>();

beforeAll(async () => {
  world = await ConnectingGateway.start({ CONNECTION_PROBE_SECONDS: '2' });
  services = await Promise.all(crms.map(({ start }) => start(world)));
  consumer = world.topics.kafka.consumer({ groupId: `${world.topics.prefix}listener` });
  await consumer.connect();
  await consumer.subscribe({ topic: world.topics.prefix + crmUpsertCompleted.type, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { data } = envelopeSchema.parse(JSON.parse(message.value?.toString() ?? ''));
      const { requestId, result } = crmUpsertCompleted.schema.parse(data);
      outcomes.set(requestId, result.outcome);
    },
  });
}, 180_000);

afterAll(async () => {
  await consumer.disconnect();
  await Promise.all(services.map((service) => service.stop()));
  await world.stop();
});

/** Work for a CRM is a contact that is asked for by an event and answered by one. */
function contacts(tenant: Tenant, vendor: CrmVendor): Pick<LivingAccount, 'ask' | 'areDone'> {
  return {
    ask: async (connectionId) => {
      const requestId = randomUUID();
      const record = { object: 'contact' as const, fields: { email: `${randomUUID()}@example.com`, lastName: 'Muster' } };
      await tenantContext.run({ tenantId: tenant.id, correlationId: randomUUID() }, () =>
        world.service.app.get(TenantDatabase).transaction(tenant.id, (manager) =>
          world.service.app.get(EventPublisher).publish(manager, crmUpsertRequested, {
            id: requestId, subject: `test/${requestId}`, data: { requestId, vendor, connectionId, record },
          })));
      return requestId;
    },
    areDone: (asked) => {
      const said = asked.flatMap((requestId) => outcomes.get(requestId) ?? []);
      expect(said.filter((outcome) => outcome !== 'upserted')).toEqual([]);
      return said.length === asked.length;
    },
  };
}

describe('the life of a connection', () => {
  it.concurrent.each(crms)('to $vendor goes on through tokens that run out under load, a revocation and a new consent, and loses no work', async ({ vendor, newAccount, revocation = 'revoked', askedPerRound = 10 }) => {
    const tenant = await world.tenant();
    const { account, settings = {} } = await newAccount(world);
    await liveThrough(tenant, { vendor, revocation, rounds: 6, askedPerRound }, {
      ...contacts(tenant, vendor),
      connect: (connectionId) => world.consenting(vendor, { account }, () => agree(world, tenant, { vendor, settings }, connectionId)),
      wearOut: () => world.control.addFault(vendor, { kind: 'expire-token', account }),
      revoke: async () => {
        for (const kind of ['revoke-token', 'expire-token'] as const) await world.control.addFault(vendor, { kind, account });
      },
    });
  }, 300_000);

  it.concurrent('to dynamics does so by an app of the tenant’s own, too', async () => {
    const vendor = 'dynamics';
    const tenant = await world.tenant();
    const { orgId: account, environmentUrl, tenantId: directoryId, ownClientId, ownClientSecret } = await world.control.createDynamicsEnvironment({ ...world.app });
    const credentials = { client_id: ownClientId, client_secret: ownClientSecret };
    const settings = { environmentUrl, directoryId };
    await liveThrough(tenant, { vendor, revocation: 'not_offered', rounds: 6, askedPerRound: 10 }, {
      ...contacts(tenant, vendor),
      connect: async (connectionId) => {
        await world.control.changeDynamicsEnvironment(account, { hasApplicationUser: true });
        const answer = connectionId === undefined
          ? await tenant.call('POST', '/v1/connections/authorizations', { vendor, settings, credentials })
          : await tenant.call('POST', `/v1/connections/${connectionId}/reconnect`, { credentials });
        expect(answer.status).toBe(201);
      },
      wearOut: () => world.control.addFault(vendor, { kind: 'expire-token', account }),
      revoke: async () => {
        await world.control.changeDynamicsEnvironment(account, { hasApplicationUser: false });
        await world.control.addFault(vendor, { kind: 'expire-token', account });
      },
    });
  }, 300_000);
});
