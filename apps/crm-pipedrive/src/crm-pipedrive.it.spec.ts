import { randomUUID } from 'node:crypto';
import type { RequestedRecord } from '@crossdock/contracts';
import { CrmServiceWorld, RecordTenant } from '@crossdock/crm-service/crm-service.fixture';
import { describeRecordService } from '@crossdock/crm-service/record-service.conformance';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crmPipedriveDefinition } from './crm-pipedrive.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
let world: CrmServiceWorld;

beforeAll(async () => {
  world = await CrmServiceWorld.start('pipedrive', crmPipedriveDefinition, (sandboxUrl) => ({
    publicUrl: 'http://127.0.0.1:9', pipedriveOauthUrl: `${sandboxUrl}/pipedrive`, pipedriveClientId: app.clientId, pipedriveClientSecret: app.clientSecret,
  }));
});

afterAll(() => world.stop(), 60_000);

/** A tenant whose Pipedrive company is connected by the app. */
async function tenant() {
  const company = await world.control.createPipedriveCompany(app);
  const shop = await world.tenant({
    accountId: String(company.companyId), settings: { tokenKind: 'oauth' }, endpoint: company.apiDomain, tokens: company,
  });
  await shop.connected();
  return { shop, domain: company.domain };
}

describe('the Pipedrive service', () => {
  it('upserts person and deal once however often they are asked for, the deal by a field that it made itself', async () => {
    const { shop, domain } = await tenant();
    const contact: RequestedRecord = { object: 'contact', fields: { email: 'Anna@Example.com', firstName: 'Anna', lastName: 'Muster' } };
    const contactId = await shop.upserted(contact);
    const deal: RequestedRecord = {
      object: 'deal', externalKey: 'order/1001', contactIds: [contactId],
      fields: { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } },
    };
    expect(await shop.upsert(deal)).toMatchObject({ outcome: 'upserted', created: true });
    for (const record of [contact, deal]) expect(await shop.upsert(record)).toMatchObject({ outcome: 'upserted', created: false });
    expect(await world.control.pipedriveRecords(domain, 'persons')).toMatchObject([{ name: 'Anna Muster', emails: [{ value: 'anna@example.com' }] }]);
    expect(await world.control.pipedriveRecords(domain, 'deals')).toMatchObject([{ title: 'Order 1001', value: 129.35, currency: 'EUR', status: 'open', person_id: Number(contactId) }]);
  });

  it('has the company tell of persons, organisations and deals to the address of its connection', async () => {
    const { shop, domain } = await tenant();
    expect(await world.control.pipedriveRecords(domain, 'webhooks')).toMatchObject(['person', 'organization', 'deal'].map((object) => (
      { url: `http://127.0.0.1:9/webhooks/pipedrive/${shop.connection.id}`, object, user: 'crossdock', password: expect.stringMatching(/^[\w-]{32}$/) })));
  });

  it('renews a token that has run out', async () => {
    const { shop, domain } = await tenant();
    await world.control.addFault('pipedrive', { kind: 'expire-token', account: domain });
    expect(await shop.upsert({ object: 'contact', fields: { email: 'first@example.com' } })).toMatchObject({ outcome: 'upserted', created: true });
  });
});

describeRecordService('Pipedrive', async () => new RecordTenant(world, (await tenant()).shop));
