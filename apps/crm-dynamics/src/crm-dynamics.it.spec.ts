import { randomUUID } from 'node:crypto';
import type { DealLine, RequestedRecord } from '@crossdock/contracts';
import { CrmServiceWorld, RecordTenant } from '@crossdock/crm-service/crm-service.fixture';
import { describeRecordService } from '@crossdock/crm-service/record-service.conformance';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crmDynamicsDefinition } from './crm-dynamics.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
let world: CrmServiceWorld;

beforeAll(async () => {
  world = await CrmServiceWorld.start('dynamics', crmDynamicsDefinition, (sandboxUrl) => ({
    dynamicsLoginUrl: `${sandboxUrl}/dynamics`, dynamicsEnvironmentDomains: '127.0.0.1', dynamicsClientId: app.clientId, dynamicsClientSecret: app.clientSecret,
  }));
});

afterAll(() => world.stop(), 60_000);

/** A tenant whose Dynamics environment is connected by a user's consent. */
async function tenant() {
  const environment = await world.control.createDynamicsEnvironment(app);
  const shop = await world.tenant({ accountId: environment.orgId, endpoint: environment.environmentUrl, tokens: environment });
  await shop.connected();
  return { shop, orgId: environment.orgId };
}

describe('the Dynamics service', () => {
  it('upserts contact and opportunity once however often they are asked for, with the hub’s key in a column that it made itself', async () => {
    const { shop, orgId } = await tenant();
    const contact: RequestedRecord = { object: 'contact', fields: { email: 'Anna@Example.com', firstName: 'Anna', lastName: 'Muster' } };
    const contactId = await shop.upserted(contact);
    const deal: RequestedRecord = {
      object: 'deal', externalKey: 'order/1001', contactIds: [contactId],
      fields: { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } },
    };
    expect(await shop.upsert(deal)).toMatchObject({ outcome: 'upserted', created: true });
    for (const record of [contact, deal]) expect(await shop.upsert(record)).toMatchObject({ outcome: 'upserted', created: false });
    expect(await world.control.dynamicsRows(orgId, 'contacts')).toMatchObject([{ fullname: 'Anna Muster', emailaddress1: 'anna@example.com' }]);
    expect(await world.control.dynamicsRows(orgId, 'opportunities')).toMatchObject([
      { name: 'Order 1001', xdock_externalkey: 'order/1001', estimatedvalue: 129.35, statecode: 0, _parentcontactid_value: contactId },
    ]);
  });

  it('gives an opportunity the lines of its order as products that are written in, unless the tenant has switched lines off, and leaves its revenue as the order says', async () => {
    const { shop, orgId } = await tenant();
    const line = (key: string, quantity: number, amountMinor: number): DealLine => ({ key, name: `Item ${key}`, quantity, unitPrice: { amountMinor, currency: 'EUR' } });
    const deal = (externalKey: string, lines: DealLine[]): RequestedRecord =>
      ({ object: 'deal', externalKey, contactIds: [], fields: { name: `Order ${externalKey}`, status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } }, lines });
    const requestId = await shop.ask(deal('order/1', [line('a', 2, 5_000), line('b', 1, 3_435), line('refunded', 1, -500)]));
    await shop.answerTo(requestId);
    expect(shop.answersTo(requestId)).toMatchObject([{ result: { outcome: 'upserted', created: true }, lines: { outcome: 'written', count: 3 } }]);
    const lines = async () => (await world.control.dynamicsRows(orgId, 'opportunityproducts')).map((row) => `${String(row['quantity'])} ${String(row['productdescription'])} ${String(row['extendedamount'])}`).sort();
    expect(await lines()).toEqual(['1 Item b 34.35', '2 Item a 95']);

    await world.tenants.transaction(shop.tenantId, (manager) => manager.query(
      `INSERT INTO field_mapping (tenant_id, connection_id, object, version, rules, saved_by, is_active) VALUES ($1, $2, 'deal', 1, '{"fields": [], "off": ["lineItems"]}', 'a test', true)`,
      [shop.tenantId, shop.connection.id]));
    const without = await shop.ask(deal('order/2', [line('c', 1, 100)]));
    await shop.answerTo(without);
    expect(shop.answersTo(without)[0]).not.toHaveProperty('lines');
    expect(await lines()).toHaveLength(2);
    expect(await world.control.dynamicsRows(orgId, 'opportunities')).toMatchObject([{ estimatedvalue: 129.35 }, { estimatedvalue: 129.35, xdock_lineitems: null }]);
  });

  it('renews a token that has run out, twice in a row, with another refresh token each time', async () => {
    const { shop, orgId } = await tenant();
    for (const email of ['first@example.com', 'second@example.com']) {
      await world.control.addFault('dynamics', { kind: 'expire-token', account: orgId });
      expect(await shop.upsert({ object: 'contact', fields: { email } })).toMatchObject({ outcome: 'upserted', created: true });
    }
  });
});

describeRecordService('Dynamics', async () => new RecordTenant(world, (await tenant()).shop));
