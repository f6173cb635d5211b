import { randomUUID } from 'node:crypto';
import { CrmServiceWorld, RecordTenant } from '@crossdock/crm-service/crm-service.fixture';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crmSalesforceDefinition } from './crm-salesforce.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
let world: CrmServiceWorld;

beforeAll(async () => {
  world = await CrmServiceWorld.start('salesforce', crmSalesforceDefinition, (sandboxUrl) => ({
    salesforceLoginUrl: `${sandboxUrl}/salesforce`, salesforceClientId: app.clientId, salesforceClientSecret: app.clientSecret,
  }));
});

afterAll(() => world.stop(), 60_000);

/** A tenant whose Salesforce organisation is connected and set up. */
async function organisation() {
  const { orgId, instanceUrl, accessToken, refreshToken } = await world.control.createSalesforceOrg({ ...app, externalIdFields: false });
  const shop = await world.tenant({ accountId: orgId, endpoint: instanceUrl, settings: { companyCurrency: 'EUR' }, tokens: { accessToken, refreshToken } });
  await shop.connected();
  return { orgId, tenant: new RecordTenant(world, shop) };
}

describe('the records of the Salesforce service', () => {
  it('are told in canonical form, all of them and then what people change, merge, delete and connect', async () => {
    const { orgId, tenant } = await organisation();
    const [accountId = ''] = await world.control.addSalesforceRecords(orgId, 'Account', [{ Name: 'Muster', Website: 'https://example.com', BillingCountry: 'Germany' }]);
    const [winner = '', loser = '', deleted = ''] = await world.control.addSalesforceRecords(orgId, 'Contact', ['a', 'b', 'c'].map((name) => (
      { LastName: 'Muster', Email: `${name}@example.com`, Phone: '+4930123456', AccountId: accountId }
    )));
    const [dealId = ''] = await world.control.addSalesforceRecords(orgId, 'Opportunity', [{ Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-01', Amount: 29.35, AccountId: accountId }]);
    for (const object of ['company', 'contact', 'deal'] as const) {
      expect(await tenant.scan(object)).toMatchObject({ outcome: 'complete', told: object === 'contact' ? 3 : 1 });
      await tenant.follow(object);
    }
    expect(tenant.told('company', accountId)).toMatchObject([{ name: 'Muster', domain: 'example.com', country: 'DE' }]);
    expect(tenant.told('contact', winner)).toMatchObject([{ email: 'a@example.com', phone: '+4930123456', associations: [{ object: 'company', externalId: accountId }] }]);
    expect(tenant.told('deal', dealId)).toMatchObject([{ name: 'Deal', status: 'open', amount: { amountMinor: 2_935, currency: 'EUR' } }]);

    await world.control.mergeSalesforceContacts(orgId, winner, loser);
    await world.control.deleteSalesforceRecord(orgId, 'Contact', deleted);
    await tenant.poll('contact');
    expect(await eventually('the merged one', () => tenant.gone(loser).length > 0 && tenant.gone(loser))).toMatchObject([{ gone: 'merged', mergedInto: winner }]);
    expect(await eventually('the deleted one', () => tenant.gone(deleted).length > 0 && tenant.gone(deleted))).toMatchObject([{ gone: 'archived' }]);
    await world.control.addSalesforceRecords(orgId, 'OpportunityContactRole', [{ OpportunityId: dealId, ContactId: winner }]);
    await tenant.poll('deal');
    const told = await tenant.toldTimes('deal', dealId, 2);
    expect(told.at(-1)).toMatchObject({ contacts: [{ externalId: winner }] });
  });

  it('are written once by the hub’s key, into fields that the set-up made, and archived', async () => {
    const { orgId, tenant } = await organisation();
    const action = { kind: 'write', target: { externalKey: randomUUID() }, fields: { email: 'anna@example.com', lastName: 'Muster', country: 'DE' } } as const;
    const first = await tenant.answerTo(await tenant.ask('contact', action));
    expect(first).toMatchObject({ outcome: 'written', created: true, modifiedAt: expect.any(String), kept: expect.arrayContaining(['email', 'lastName', 'country']) });
    const again = await tenant.answerTo(await tenant.ask('contact', { ...action, fields: { firstName: 'Anna' } }));
    expect(again).toMatchObject({ outcome: 'written', created: false });
    expect(await world.control.salesforceRecords(orgId, 'Contact')).toMatchObject([
      { Crossdock_External_Id__c: action.target.externalKey, Name: 'Anna Muster', MailingCountry: 'Germany' },
    ]);
    const id = first.outcome === 'written' ? first.externalId : '';
    expect(await tenant.answerTo(await tenant.ask('contact', { kind: 'archive', externalId: id }))).toEqual({ outcome: 'archived' });
    expect(await world.control.salesforceRecords(orgId, 'Contact')).toMatchObject([{ IsDeleted: true }]);
  });
});
