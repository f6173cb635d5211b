import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import { TwoCrms, type TenantOfTwo } from './two-crms.fixture.ts';

let world: TwoCrms;
beforeAll(async () => {
  world = await TwoCrms.start();
});
afterAll(() => world.stop(), 60_000);

/** HubSpot tells of changes by webhook; Salesforce is asked every ten seconds. */
const soonMs = 60_000;

/** A tenant with two people in each CRM, one of them in both, kept in step. */
async function withContacts(changes: (tenant: TenantOfTwo) => Readonly<Record<string, unknown>> = () => ({})) {
  const tenant = await world.tenant();
  const { hubSpot, salesforce } = tenant;
  const annaId = await hubSpot.add('contact', { email: 'anna@example.com', firstname: 'Anna', lastname: 'Arnold' });
  await hubSpot.add('contact', { email: 'cora@example.com', lastname: 'Cramer', phone: '+4930123456' });
  const [benId = ''] = await salesforce.add('contact',
    { Email: 'ben@example.com', FirstName: 'Ben', LastName: 'Bauer' }, { Email: 'Cora@example.com', FirstName: 'Cora', LastName: 'Cramer' });
  const syncId = await tenant.sync('contact', changes(tenant));
  expect(await tenant.ended(syncId)).toMatchObject({ kind: 'load', state: 'succeeded' });
  const anna = await eventually('Anna in Salesforce', () => salesforce.find('contact', 'Email', 'anna@example.com'), soonMs);
  const ben = await eventually('Ben in HubSpot', () => hubSpot.find('contact', 'email', 'ben@example.com'), soonMs);
  return { tenant, hubSpot, salesforce, syncId, annaId, benId, annaThere: String(anna['Id']), benThere: ben.id };
}

describe('a tenant with HubSpot and Salesforce', () => {
  it.concurrent('has the people of both in both, one who was in both only once, and what changes in one also in the other, with no write too many', async () => {
    const { hubSpot, salesforce, annaId, benId } = await withContacts();
    const cora = await eventually('what only the other knew of Cora', async () => {
      const [there, here] = [await salesforce.find('contact', 'FirstName', 'Cora'), await hubSpot.find('contact', 'email', 'cora@example.com')];
      return there?.['Phone'] === '+4930123456' && here?.properties['firstname'] === 'Cora' && there;
    }, soonMs);
    expect(cora).toMatchObject({ LastName: 'Cramer' });
    expect([(await hubSpot.records('contact')).length, (await salesforce.records('contact')).length]).toEqual([3, 3]);

    await hubSpot.edit('contact', annaId, { phone: '+4930999' });
    await salesforce.edit('contact', benId, { LastName: 'Baumann' });
    await eventually('the change of HubSpot in Salesforce', () => salesforce.find('contact', 'Phone', '+4930999'), soonMs);
    await eventually('the change of Salesforce in HubSpot', () => hubSpot.find('contact', 'lastname', 'Baumann'), soonMs);

    // Each of the three people has been written once at each side at most, and once more for its change.
    const written = async () => [await hubSpot.writes('contact'), await salesforce.writes('contact')];
    const before = await written();
    expect(before).toEqual([3, 3]);
    await hubSpot.add('contact', { email: 'dora@example.com', lastname: 'Dietz' });
    await eventually('a later change', () => salesforce.find('contact', 'Email', 'dora@example.com'), soonMs);
    expect(await written()).toEqual([3, 4]);
  }, 120_000);

  it.concurrent('has companies, people and deals as they belong together in both, and an association alone is a change', async () => {
    const tenant = await world.tenant();
    const { hubSpot, salesforce } = tenant;
    const [acmeId, annaId, dealId] = [
      await hubSpot.add('company', { name: 'Acme', domain: 'acme.example' }),
      await hubSpot.add('contact', { email: 'anna@acme.example', lastname: 'Arnold' }),
      await hubSpot.add('deal', { dealname: 'Roof', amount: '1200.50', deal_currency_code: 'EUR' }),
    ];
    await hubSpot.associate('contact', annaId, 'company', acmeId);
    await hubSpot.associate('deal', dealId, 'company', acmeId);
    const [betaThere = ''] = await salesforce.add('company', { Name: 'Beta', Website: 'https://beta.example' });
    const [benThere = ''] = await salesforce.add('contact', { LastName: 'Bauer', Email: 'ben@beta.example', AccountId: betaThere });
    for (const object of ['company', 'contact', 'deal'] as const) expect(await tenant.ended(await tenant.sync(object))).toMatchObject({ state: 'succeeded' });

    const acmeThere = await eventually('Acme in Salesforce', () => salesforce.find('company', 'Name', 'Acme'), soonMs);
    const inAcme = (object: 'contact' | 'deal', field: string, value: string) => async () => (await salesforce.find(object, field, value))?.['AccountId'] === acmeThere['Id'];
    await eventually('Anna in her company', inAcme('contact', 'Email', 'anna@acme.example'), soonMs);
    await eventually('the deal in its company', inAcme('deal', 'Name', 'Roof'), soonMs);
    expect(await salesforce.find('deal', 'Name', 'Roof')).toMatchObject({ Amount: 1_200.5 });
    const companyOfBen = async () => (await hubSpot.find('contact', 'email', 'ben@beta.example'))?.properties['associatedcompanyid'];
    const beta = await eventually('Beta in HubSpot', () => hubSpot.find('company', 'name', 'Beta'), soonMs);
    await eventually('Ben in his company', async () => await companyOfBen() === beta.id, soonMs);

    const coraId = await hubSpot.add('contact', { email: 'cora@acme.example', lastname: 'Cramer' });
    await eventually('Cora in Salesforce', () => salesforce.find('contact', 'Email', 'cora@acme.example'), soonMs);
    await hubSpot.associate('contact', coraId, 'company', acmeId);
    await eventually('Cora in her company', inAcme('contact', 'Email', 'cora@acme.example'), soonMs);
    await salesforce.edit('contact', benThere, { AccountId: acmeThere['Id'] });
    await eventually('Ben in another company', async () => await companyOfBen() === acmeId, soonMs);
  }, 180_000);

  it.concurrent('keeps what the account says that has a field’s authority, and takes all else from where it changed last', async () => {
    const { hubSpot, salesforce, annaId, annaThere } = await withContacts(({ hubSpot: { connectionId } }) => ({ authority: { phone: connectionId } }));
    await hubSpot.edit('contact', annaId, { phone: '+49301111111' });
    await eventually('the phone number in Salesforce', () => salesforce.find('contact', 'Phone', '+49301111111'), soonMs);
    await salesforce.edit('contact', annaThere, { Phone: '+49302222222', LastName: 'Amberg' });
    const anna = await eventually('the name in HubSpot', () => hubSpot.find('contact', 'lastname', 'Amberg'), soonMs);
    expect(anna.properties['phone']).toBe('+49301111111');
    await eventually('the phone number to be put right in Salesforce', () => salesforce.find('contact', 'Phone', '+49301111111'), soonMs);
  }, 120_000);

  it.concurrent('is told which record Salesforce does not take, why and what to do, as a file too, while the others are kept in step', async () => {
    const tenant = await world.tenant();
    const { hubSpot, salesforce } = tenant;
    await tenant.map(hubSpot.connectionId, 'company', { canonical: 'tier', field: 'city' });
    await tenant.map(salesforce.connectionId, 'company', { canonical: 'tier', field: 'Tier__c' });
    await hubSpot.add('company', { name: 'Acme', city: 'Gold' });
    const betaId = await hubSpot.add('company', { name: 'Beta', city: 'Platinum' });
    await hubSpot.add('company', { name: 'Gamma', city: 'Silver' });
    const syncId = await tenant.sync('company');
    const refused = { kind: 'invalid', field: 'Tier__c', connectionId: salesforce.connectionId, message: expect.stringContaining('no active option'), advice: expect.stringContaining('mapping') };
    await eventually('the others', async () => (await salesforce.records('company')).length === 2, soonMs);
    const errors = await eventually('the refusal', async () => {
      const { items } = await tenant.ask(syncId, 'errors');
      return Array.isArray(items) && items.length > 0 && items;
    }, soonMs);
    expect(errors).toEqual([expect.objectContaining(refused)]);
    const file = await tenant.tenant.read(`/v1/syncs/${syncId}/errors.csv`);
    expect(file.contentType).toContain('text/csv');
    expect(file.text.trim().split('\n')).toEqual([expect.stringContaining('message,advice'), expect.stringContaining('no active option')]);

    await hubSpot.edit('company', betaId, { city: 'Silver' });
    expect(await eventually('the corrected one', () => salesforce.find('company', 'Name', 'Beta'), soonMs)).toMatchObject({ Tier__c: 'Silver' });
    await eventually('no errors', async () => JSON.stringify(await tenant.ask(syncId, 'errors')) === JSON.stringify({ items: [] }), soonMs);
  }, 120_000);

  it.concurrent('finds and mends by a complete comparison exactly what went wrong in one account, and is told how far it is', async () => {
    const { tenant, hubSpot, salesforce, syncId, annaThere, benId } = await withContacts(({ hubSpot: { connectionId } }) => (
      { pollEverySeconds: 86_400, authority: { phone: connectionId, firstName: connectionId }, gone: 'archive' }
    ));
    await hubSpot.edit('contact', String((await hubSpot.find('contact', 'email', 'anna@example.com'))?.id), { phone: '+49301111111' });
    await eventually('the phone number in Salesforce', () => salesforce.find('contact', 'Phone', '+49301111111'), soonMs);
    await eventually('the hub to know of it', () => tenant.isKnown(salesforce.connectionId, annaThere, 'phone', '+49301111111'), soonMs);
    const before = await salesforce.writes('contact');
    // Nobody is told, so that only the comparison can find it.
    await salesforce.control.changeSalesforceOrg(salesforce.orgId, { changeEventDelivery: false });
    await salesforce.control.endSalesforceStreams(salesforce.orgId);
    await salesforce.edit('contact', annaThere, { Phone: '+49309999999', FirstName: 'Nobody' });
    await salesforce.delete('contact', benId);

    const runId = await tenant.startRun(syncId);
    const { contentType, text } = await tenant.tenant.read(`/v1/syncs/${syncId}/runs/${runId}/events`);
    expect(contentType).toContain('text/event-stream');
    const told = text.split('\n').filter((line) => line.startsWith('data: ')).map((line): unknown => JSON.parse(line.slice('data: '.length)));
    expect(told.at(-1)).toMatchObject({ id: runId, state: 'succeeded' });
    const job = await tenant.tenant.read(`/v1/jobs/sync/${runId}/events`);
    expect(job.text).toMatch(/^id: .+\ndata: .*"state":"succeeded".*\n\n$/);
    const { body: jobs } = await tenant.tenant.call('GET', '/v1/jobs?limit=200');
    expect(jobs).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ service: 'sync', id: runId, kind: 'sync.reconciliation', state: 'succeeded', progress: 1 }),
        expect.objectContaining({ service: 'sync', kind: 'sync.settle-all' }), expect.objectContaining({ service: 'crm-hubspot', kind: 'crm.read-all', state: 'succeeded' }),
        expect.objectContaining({ service: 'crm-salesforce', kind: 'crm.set-up', state: 'succeeded' }),
      ]) as unknown,
      unavailable: expect.arrayContaining(['crm-zoho', 'orders']) as unknown,
    });
    const { scans } = await tenant.ended(syncId, { runId });
    expect(scans.find(({ connectionId }) => connectionId === salesforce.connectionId)).toMatchObject({ differences: 2 });
    expect(scans.find(({ connectionId }) => connectionId === hubSpot.connectionId)).toMatchObject({ differences: 0, missing: 0 });
    const { items } = await tenant.ask(syncId, `runs/${runId}/differences`);
    expect(items).toHaveLength(2);
    expect(items).toEqual(expect.arrayContaining([
      expect.objectContaining({ externalId: annaThere, field: 'phone', expected: '+49301111111', found: '+49309999999' }),
      expect.objectContaining({ externalId: annaThere, field: 'firstName', expected: 'Anna', found: 'Nobody' }),
    ]));
    await eventually('Anna to be put right', async () => {
      const anna = await salesforce.find('contact', 'Id', annaThere);
      return anna?.['Phone'] === '+49301111111' && anna['FirstName'] === 'Anna';
    }, soonMs);
    await eventually('Ben to be archived', async () => await hubSpot.find('contact', 'email', 'ben@example.com') === undefined, soonMs);
    expect(await salesforce.writes('contact')).toBe(before + 1);
  }, 120_000);
});
