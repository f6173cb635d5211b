import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import { TwoCrms, type TenantOfTwo } from './two-crms.fixture.ts';

let world: TwoCrms;
beforeAll(async () => {
  world = await TwoCrms.start();
}, 90_000);
afterAll(() => world.stop(), 60_000);

/** HubSpot tells of changes by webhook; Salesforce is asked every ten seconds. */
const soonMs = 30_000;

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
  it('has the people of both in both, one who was in both only once, and what changes in one also in the other, with no write too many', async () => {
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
});
