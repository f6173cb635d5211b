import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import type { UpsertRecord } from '@crossdock/contracts';
import { describeCrmConnector, type ConformanceWorld } from '@crossdock/crm-connector/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type FaultInput } from '@crossdock/sandbox';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { PipedriveAuthorisation } from './pipedrive.authorisation.ts';
import { PipedriveConnector } from './pipedrive.connector.ts';

const faults = {
  rate_limit: { kind: 'rate-limit' },
  down: { kind: 'status', status: 503 },
  unknown_field: {
    kind: 'status', status: 400, pathPattern: '^POST .*/persons',
    body: { success: false, error: 'Validation failed: phones: is not a known field', code: 'ERR_SCHEMA_VALIDATION_FAILED' },
  },
} satisfies Record<string, FaultInput>;

interface PipedriveWorld extends ConformanceWorld {
  readonly control: SandboxControl;
  readonly domain: string;
}

async function buildWorld(): Promise<PipedriveWorld> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const company = await control.createPipedriveCompany();
  const { domain } = company;
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const authorisation = new PipedriveAuthorisation(http, {
    pipedriveOauthUrl: `${sandbox.url}/pipedrive`, pipedriveCompanyUrl: `${sandbox.url}/pipedrive`, pipedriveClientId: company.clientId, pipedriveClientSecret: company.clientSecret,
  });
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'pipedrive', accountId: String(company.companyId), settings: {}, endpoint: company.apiDomain,
    state: 'healthy', stateSince: new Date(),
  };
  let { accessToken, refreshToken } = company;
  const tokens = {
    get: async () => accessToken,
    refreshAfter401: async () => {
      const renewed = await authorisation.refresh(connection, refreshToken, AbortSignal.timeout(10_000));
      refreshToken = renewed.refreshToken ?? refreshToken;
      accessToken = renewed.accessToken;
      return accessToken;
    },
  };
  return {
    control, domain, connection,
    connector: new PipedriveConnector({ http, tokens }),
    refusedEmail: 'no address',
    unknownContactId: '999999999',
    unknownDealId: '999999998',
    rateLimitKind: 'rate_limited',
    count: async (object) => (await control.pipedriveRecords(domain, object === 'contact' ? 'persons' : 'deals')).length,
    closeAsWon: async (id) => { await control.editPipedriveRecord(domain, 'deals', id, { status: 'won' }); },
    expireToken: () => control.addFault('pipedrive', { kind: 'expire-token', account: domain }),
    fail: (fault, times) => control.addFault('pipedrive', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('pipedrive'),
    revoke: () => control.addFault('pipedrive', { kind: 'revoke-token', account: domain }),
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

describeCrmConnector('Pipedrive', buildWorld);

describe('the Pipedrive connector beside people', () => {
  const signal = AbortSignal.timeout(60_000);

  it('finds a record that search does not know yet because its creation was answered too late to be heard', async () => {
    const world = await buildWorld();
    await world.connector.setUp(world.connection, signal);
    const deal: UpsertRecord = { object: 'deal', externalKey: 'order/1', contactIds: [], fields: { name: 'Order 1', status: 'open' } };
    await world.control.addFault('pipedrive', { kind: 'reset', phase: 'after', pathPattern: '^POST .*/deals$' });
    const [lost] = await world.connector.upsert(world.connection, [deal], signal);
    expect(lost).toMatchObject({ kind: 'outcome_unknown' });
    expect(await world.connector.upsert(world.connection, [deal], signal)).toMatchObject([{ outcome: 'upserted', created: false }]);
    expect(await world.count('deal')).toBe(1);
    await world.stop();
  });

  it('adds a number to those that a person has, writes nothing that is there, and finds all of a deal’s people', async () => {
    const world = await buildWorld();
    await world.connector.setUp(world.connection, signal);
    const upsert = (fields: { email: string; phone?: string }) => world.connector.upsert(world.connection, [{ object: 'contact', fields }], signal);
    await upsert({ email: 'anna@example.com', phone: '+4915111111111' });
    await world.control.editPipedriveRecord(world.domain, 'persons', '1', { phones: [{ value: '+49 151 11111111' }, { value: '+491522' }] });
    await upsert({ email: 'anna@example.com', phone: '+4915111111111' });
    await upsert({ email: 'anna@example.com', phone: '+4915333333333' });
    await upsert({ email: 'ben@example.com' });
    expect(await world.control.pipedriveRecords(world.domain, 'persons')).toMatchObject([
      { phones: [{ value: '+49 151 11111111' }, { value: '+491522' }, { value: '+4915333333333' }] }, { name: 'ben@example.com' },
    ]);
    const deal: UpsertRecord = { object: 'deal', externalKey: 'order/2', contactIds: ['1', '2'], fields: { name: 'Order 2', status: 'open' } };
    await world.connector.upsert(world.connection, [deal], signal);
    await world.connector.upsert(world.connection, [deal], signal);
    const found = (await world.connector.getDeals(world.connection, ['1', 'no number'], signal)).get('1');
    expect(found).toMatchObject({ contacts: [{ externalId: '1', email: 'anna@example.com' }, { externalId: '2', email: 'ben@example.com' }] });
    await world.stop();
  });

  it('says what the company allows, down to nothing at all', async () => {
    const world = await buildWorld();
    const probe = () => world.connector.probeCapabilities(world.connection, signal);
    const available = async () => (await probe()).capabilities.filter((capability) => capability.available).map(({ name }) => name);
    expect(await available()).toEqual(['api', 'read_records', 'create_fields', 'change_notices']);
    await world.connector.setUp(world.connection, signal);
    expect(await probe()).toMatchObject({ mode: 'full', capabilities: expect.arrayContaining([expect.objectContaining({ name: 'key_field', available: true })]) });
    await world.control.addFault('pipedrive', { kind: 'status', status: 403, pathPattern: '/webhooks', times: 1 });
    expect(await available()).not.toContain('change_notices');
    await world.control.addFault('pipedrive', { kind: 'status', status: 402, pathPattern: '/users/me', times: 1 });
    expect(await probe()).toMatchObject({ mode: 'none' });
    await world.control.addFault('pipedrive', { kind: 'status', status: 503, times: 1 });
    await expect(probe()).rejects.toMatchObject({ kind: 'transient' });
    await world.stop();
  });

  it('has the company tell of persons, organisations and deals to one address, once each, with the newest password', async () => {
    const world = await buildWorld();
    const url = 'https://hub.example/webhooks/pipedrive/7f3c1f64-2a3e-4a51-9a77-0d9f2f6f5a10';
    const subscribe = (secret: string) => world.connector.subscribe?.(world.connection, { url, secret }, signal);
    for (const secret of ['old', 'old', 'new']) expect(await subscribe(secret)).toEqual({ kind: 'account' });
    expect(await world.control.pipedriveRecords(world.domain, 'webhooks')).toMatchObject(
      ['person', 'organization', 'deal'].map((object) => ({ url, user: 'crossdock', password: 'new', object, action: '*' })),
    );
    await world.control.addFault('pipedrive', { kind: 'status', status: 403, pathPattern: '/webhooks', times: 1 });
    expect(await subscribe('new')).toMatchObject({ kind: 'none' });
    await world.stop();
  });

  it('makes its fields once, and names all that a person has to make where it may not', async () => {
    const world = await buildWorld();
    await world.control.addFault('pipedrive', { kind: 'status', status: 403, pathPattern: '^POST .*Fields', times: 4 });
    await expect(world.connector.setUp(world.connection, signal)).rejects.toMatchObject({
      kind: 'forbidden', message: expect.stringMatching(/order status” of deals.*of persons.*of organizations/s),
    });
    await world.connector.setUp(world.connection, signal);
    await world.control.addFault('pipedrive', { kind: 'status', status: 403, pathPattern: '^POST .*Fields' });
    await world.connector.setUp(world.connection, signal);
    const probe = await world.connector.probeCapabilities(world.connection, signal);
    expect(probe.capabilities).toContainEqual(expect.objectContaining({ name: 'key_field', available: true }));
    await world.stop();
  });

  it('reads archived deals, and says that deals wait while the company is not set up', async () => {
    const world = await buildWorld();
    const deal: UpsertRecord = { object: 'deal', externalKey: 'order/3', contactIds: [], fields: { name: 'Order 3', status: 'open' } };
    expect(await world.connector.upsert(world.connection, [deal], signal)).toMatchObject([{ kind: 'dependency_missing' }]);
    await world.connector.setUp(world.connection, signal);
    await world.connector.upsert(world.connection, [deal], signal);
    await world.control.editPipedriveRecord(world.domain, 'deals', '1', { is_archived: true });
    expect((await world.connector.getDeals(world.connection, ['1'], signal)).get('1')).toMatchObject({ externalKey: 'order/3' });
    await world.stop();
  });
});
