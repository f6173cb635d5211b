import { randomUUID } from 'node:crypto';
import { CrmServiceWorld, RecordTenant } from '@crossdock/crm-service/crm-service.fixture';
import { createLogger, startService } from '@crossdock/service-kit';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crmSalesforceDefinition } from './crm-salesforce.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
let world: CrmServiceWorld;

const startWorld = (): Promise<CrmServiceWorld> => CrmServiceWorld.start('salesforce', crmSalesforceDefinition, (sandboxUrl) => ({
  salesforceLoginUrl: `${sandboxUrl}/salesforce`, salesforceClientId: app.clientId, salesforceClientSecret: app.clientSecret,
}));

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.stop(), 60_000);

/** A tenant whose organisation is listened to. Its contacts are followed, and asked for once a day. */
async function organisation(at = world) {
  const { orgId, instanceUrl, accessToken, refreshToken } = await at.control.createSalesforceOrg({ ...app, rotateRefreshTokens: true });
  const shop = await at.tenant({ accountId: orgId, endpoint: instanceUrl, settings: { companyCurrency: 'EUR' }, tokens: { accessToken, refreshToken } });
  await shop.connected();
  const tenant = new RecordTenant(at, shop);
  await tenant.scan('contact');
  await tenant.follow('contact');
  await eventually('one process to listen', async () => await at.control.salesforceStreams(orgId) === 1);
  await eventually('the first look, which every beginning has', async () => (await tenant.feed('contact'))?.polledAt ?? undefined);
  return { orgId, shop, tenant, create: async (LastName: string) => (await at.control.addSalesforceRecords(orgId, 'Contact', [{ LastName }]))[0] ?? '' };
}

async function listener(connectionId: string): Promise<{ place: string | null; problem: string | null } | undefined> {
  const [row] = await world.admin.query<Array<{ place: string | null; problem: string | null }>>('SELECT place, problem FROM change_listener WHERE connection_id = $1', [connectionId]);
  return row;
}

describe('the change stream of a Salesforce organisation', () => {
  it.concurrent('has what people create, change and delete told within seconds, with polls a day apart', async () => {
    const { orgId, tenant, create } = await organisation();
    const id = await create('Muster');
    await tenant.toldTimes('contact', id, 1);
    await world.control.editSalesforceRecord(orgId, 'Contact', id, { FirstName: 'Anna' });
    expect((await tenant.toldTimes('contact', id, 2)).at(-1)).toMatchObject({ firstName: 'Anna' });
    await world.control.deleteSalesforceRecord(orgId, 'Contact', id);
    expect(await eventually('the deletion', () => tenant.gone(id)[0])).toMatchObject({ gone: 'archived' });
  });

  it.concurrent('has a deal told that nobody follows, since orders want it, and no company', async () => {
    const { orgId, tenant } = await organisation();
    const [companyId = ''] = await world.control.addSalesforceRecords(orgId, 'Account', [{ Name: 'Muster' }]);
    const [dealId = ''] = await world.control.addSalesforceRecords(orgId, 'Opportunity', [{ Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-01' }]);
    await tenant.toldTimes('deal', dealId, 1);
    expect(tenant.told('company', companyId)).toEqual([]);
  });

  it.concurrent('has a record read of which the organisation cannot tell what changed', async () => {
    const { orgId, tenant, create } = await organisation();
    const id = await create('Muster');
    await tenant.toldTimes('contact', id, 1);
    await world.control.changeSalesforceOrg(orgId, { changeEventTypes: [] });
    await world.control.editSalesforceRecord(orgId, 'Contact', id, { FirstName: 'Anna' });
    await world.control.tellSalesforceGap(orgId, 'Contact', [id]);
    expect((await tenant.toldTimes('contact', id, 2)).at(-1)).toMatchObject({ firstName: 'Anna' });
  });

  it.concurrent('has everything asked for of which it does not say what it was', async () => {
    const { orgId, tenant, create } = await organisation();
    await world.control.changeSalesforceOrg(orgId, { changeEventTypes: [] });
    const id = await create('Muster');
    await world.control.tellSalesforceGap(orgId, 'Contact', []);
    await tenant.toldTimes('contact', id, 1);
  });

  // Its fault strikes whoever calls.
  it('loses nothing where it breaks off, and where the organisation has forgotten the place', async () => {
    const { orgId, shop, tenant, create } = await organisation();
    const first = await create('First');
    await tenant.toldTimes('contact', first, 1);
    await eventually('the place to be kept', async () => (await listener(shop.connection.id))?.place ?? false);
    await world.control.addFault('salesforce', { kind: 'expire-token', account: orgId });
    const second = await create('Second');
    await tenant.toldTimes('contact', second, 1);

    await world.control.addFault('salesforce', { kind: 'status', status: 503, times: 2, pathPattern: '/cometd/' });
    await world.control.changeSalesforceOrg(orgId, { changeEventTypes: [] });
    await world.control.endSalesforceStreams(orgId);
    const third = await create('Third');
    await world.control.forgetSalesforceEvents(orgId);
    await tenant.toldTimes('contact', third, 1);
  });

  it.concurrent('is taken over from a process that died, from the place where that stood, and by nobody while it may live', async () => {
    const { shop, tenant, create } = await organisation();
    await tenant.toldTimes('contact', await create('Before'), 1);
    await eventually('the place to be kept', async () => (await listener(shop.connection.id))?.place ?? false);
    const dead = randomUUID();
    const [[{ place: left }]] = await world.tenants.transaction(shop.tenantId, (manager) => manager.query<[[{ place: string | null }]]>(
      `UPDATE change_listener SET holder = $2, lease_until = now() + interval '3 seconds' WHERE connection_id = $1 RETURNING place`, [shop.connection.id, dead]));
    const id = await create('Meanwhile');
    // What is told meanwhile says nothing: a poll may be under way, which needs no lease. Only who listens moves the place.
    const places = new Set<string | null>();
    await eventually('the dead one’s lease to be over', async () => {
      const [row] = await world.admin.query<Array<{ holder: string | null; place: string | null }>>('SELECT holder, place FROM change_listener WHERE connection_id = $1', [shop.connection.id]);
      if (row?.holder === dead) places.add(row.place);
      return row?.holder !== dead;
    }, 60_000);
    expect([...places]).toEqual([left]);
    await tenant.toldTimes('contact', id, 1);
  });

  it.concurrent('is not listened to while the day’s events are used up, which is kept as the reason', async () => {
    const { orgId, shop } = await organisation();
    await world.control.changeSalesforceOrg(orgId, { changeEventDelivery: false });
    await world.control.endSalesforceStreams(orgId);
    await eventually('the reason', async () => (await listener(shop.connection.id))?.problem?.includes('are used up'));
    expect((await shop.current())?.state).toBe('healthy');
  });

  it.concurrent('says that an account must be connected again, and is given up with the connection', async () => {
    const { orgId, shop } = await organisation();
    await world.control.addFault('salesforce', { kind: 'revoke-token', account: orgId });
    await eventually('the connection to say so', async () => (await shop.current())?.state === 'needs_reconnect');
    await world.tenants.transaction(shop.tenantId, (manager) => manager.query(`UPDATE connections.connection SET state = 'disconnected' WHERE id = $1`, [shop.connection.id]));
    await world.tenants.transaction(shop.tenantId, (manager) => manager.query('UPDATE change_listener SET begins_at = now() WHERE connection_id = $1', [shop.connection.id]));
    await eventually('nobody to listen any more', async () => await listener(shop.connection.id) === undefined);
  });

  it('is listened to by one of two processes, and by the other one when that ends', async () => {
    const own = await startWorld();
    const { orgId, tenant, create } = await organisation(own);
    const config = crmSalesforceDefinition.config.parse(own.settings);
    const other = await startService(crmSalesforceDefinition, config, createLogger(crmSalesforceDefinition.name, 'fatal'));
    try {
      await tenant.toldTimes('contact', await create('Before'), 1);
      for (const service of [own.service, other]) {
        expect(await (await fetch(`${service.internalUrl}/metrics`)).text()).toMatch(/crossdock_change_listeners\{[^}]*state="heard"[^}]*\} 1/);
      }
      expect(await own.control.salesforceStreams(orgId)).toBe(1);
      await own.stopService();
      await tenant.toldTimes('contact', await create('After'), 1);
    } finally {
      await other.stop();
      await own.stop();
    }
  });
});
