import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import type { UpsertRecord } from '@crossdock/contracts';
import { describeCrmConnector, type ConformanceWorld } from '@crossdock/crm-connector/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type FaultInput } from '@crossdock/sandbox';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { DynamicsAuthorisation } from './dynamics.authorisation.ts';
import { DynamicsConnector } from './dynamics.connector.ts';

const faults = {
  rate_limit: { kind: 'rate-limit' },
  down: { kind: 'status', status: 503 },
  unknown_field: {
    kind: 'status', status: 400, pathPattern: '^PATCH .*/contacts',
    body: { error: { code: '0x80048d19', message: "Invalid property 'telephone1' was found in entity 'Microsoft.Dynamics.CRM.contact'." } },
  },
} satisfies Record<string, FaultInput>;

interface DynamicsWorld extends ConformanceWorld {
  readonly control: SandboxControl;
  readonly orgId: string;
}

async function buildWorld(withheldPrivileges: string[] = []): Promise<DynamicsWorld> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const environment = await control.createDynamicsEnvironment({ withheldPrivileges });
  const { orgId } = environment;
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const authorisation = new DynamicsAuthorisation(http, {
    dynamicsLoginUrl: `${sandbox.url}/dynamics`, dynamicsEnvironmentDomains: ['127.0.0.1'], dynamicsClientId: environment.clientId, dynamicsClientSecret: environment.clientSecret,
  });
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'dynamics', accountId: orgId, settings: {}, endpoint: environment.environmentUrl, state: 'healthy', stateSince: new Date(),
  };
  let { accessToken, refreshToken } = environment;
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
    control, orgId, connection,
    connector: new DynamicsConnector({ http, tokens }),
    refusedEmail: `${'a'.repeat(90)}@example.com`,
    unknownContactId: randomUUID(),
    unknownDealId: randomUUID(),
    rateLimitKind: 'rate_limited',
    count: async (object) => (await control.dynamicsRows(orgId, object === 'contact' ? 'contacts' : 'opportunities')).length,
    closeAsWon: async (id) => { await control.editDynamicsRow(orgId, 'opportunities', id, { statecode: 1, statuscode: 3 }); },
    expireToken: () => control.addFault('dynamics', { kind: 'expire-token', account: orgId }),
    fail: (fault, times) => control.addFault('dynamics', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('dynamics'),
    revoke: async () => {
      await control.addFault('dynamics', { kind: 'revoke-token', account: orgId });
      await control.addFault('dynamics', { kind: 'expire-token', account: orgId });
    },
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

describeCrmConnector('Dynamics', () => buildWorld());

describe('the Dynamics connector beside people', () => {
  const signal = AbortSignal.timeout(60_000);
  const aDeal = (more: Partial<Extract<UpsertRecord, { object: 'deal' }>> = {}): UpsertRecord => ({
    object: 'deal', externalKey: 'order/1', contactIds: [], fields: { name: 'Order 1', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } }, ...more,
  });

  it('finds a contact that people made by his address, and does not make another one', async () => {
    const world = await buildWorld();
    const made = await world.control.addDynamicsRow(world.orgId, 'contacts', { emailaddress1: 'Anna@Example.com', lastname: 'Muster' });
    expect(await world.connector.upsert(world.connection, [{ object: 'contact', fields: { email: 'anna@example.com', phone: '+4915112345678' } }], signal))
      .toEqual([{ outcome: 'upserted', crmId: made['contactid'], created: false }]);
    expect(await world.control.dynamicsRows(world.orgId, 'contacts')).toMatchObject([{ emailaddress1: 'Anna@Example.com', lastname: 'Muster', telephone1: '+4915112345678' }]);
    await world.stop();
  });

  it('makes an opportunity once although the answer to its creation is lost', async () => {
    const world = await buildWorld();
    await world.connector.setUp(world.connection, signal);
    await world.control.addFault('dynamics', { kind: 'reset', phase: 'after', pathPattern: '^POST .*batch' });
    await world.connector.upsert(world.connection, [aDeal()], signal);
    expect(await world.connector.upsert(world.connection, [aDeal()], signal)).toMatchObject([{ outcome: 'upserted', created: false }]);
    expect(await world.count('deal')).toBe(1);
    await world.stop();
  });

  it.each([
    ['full', []], ['light', ['prvCreateAttribute']], ['read_only', ['prvWriteOpportunity']], ['none', ['prvReadContact']],
  ] as const)('says that the environment allows %s without the privileges %j', async (mode, withheld) => {
    const world = await buildWorld([...withheld]);
    const probe = () => world.connector.probeCapabilities(world.connection, signal);
    expect(await probe()).toMatchObject({ mode, capabilities: expect.arrayContaining([expect.objectContaining({ name: 'key_field', available: false })]) });
    await world.control.addFault('dynamics', { kind: 'status', status: 403, pathPattern: 'WhoAmI' });
    expect(await probe()).toMatchObject({ mode: 'none' });
    await world.control.addFault('dynamics', { kind: 'status', status: 503 });
    await expect(probe()).rejects.toMatchObject({ kind: 'transient' });
    await world.stop();
  });

  it('leaves the contact that people gave an opportunity, and adds its own beside', async () => {
    const world = await buildWorld();
    await world.connector.setUp(world.connection, signal);
    const [anna, ben] = await Promise.all(['anna', 'ben'].map((name) => world.control.addDynamicsRow(world.orgId, 'contacts', { emailaddress1: `${name}@example.com` })));
    const [annaId, benId] = [String(anna?.['contactid']), String(ben?.['contactid'])];
    const [result] = await world.connector.upsert(world.connection, [aDeal({ contactIds: [annaId] })], signal);
    const id = result && 'crmId' in result ? result.crmId : '';
    await world.control.editDynamicsRow(world.orgId, 'opportunities', id, { 'parentcontactid@odata.bind': `/contacts(${benId})` });
    for (let times = 0; times < 2; times += 1) await world.connector.upsert(world.connection, [aDeal({ contactIds: [annaId] })], signal);
    expect((await world.connector.getDeals(world.connection, [id], signal)).get(id)).toMatchObject({ contacts: [{ externalId: benId }, { externalId: annaId }] });
    await world.stop();
  });

  it('decides anew what people decided otherwise, and refuses a currency that the environment has not', async () => {
    const world = await buildWorld();
    await world.connector.setUp(world.connection, signal);
    const won = aDeal({ fields: { name: 'Order 1', status: 'won', amount: { amountMinor: 12_935, currency: 'EUR' }, closedAt: '2026-11-20T00:00:00.000Z' } });
    await world.connector.upsert(world.connection, [aDeal({ fields: { name: 'Order 1', status: 'lost' } })], signal);
    const [result] = await world.connector.upsert(world.connection, [won], signal);
    const id = result && 'crmId' in result ? result.crmId : '';
    expect((await world.connector.getDeals(world.connection, [id], signal)).get(id)).toMatchObject({ status: 'won', closedAt: '2026-11-20T00:00:00.000Z' });
    expect(await world.connector.upsert(world.connection, [aDeal({ fields: { name: 'D', status: 'open', amount: { amountMinor: 1, currency: 'CHF' } } })], signal))
      .toMatchObject([{ kind: 'invalid', field: 'transactioncurrencyid' }]);
    await world.stop();
  });
});
