import { randomUUID } from 'node:crypto';
import { CrmServiceWorld, RecordTenant } from '@crossdock/crm-service/crm-service.fixture';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crmHubSpotDefinition } from './crm-hubspot.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
let world: CrmServiceWorld;

beforeAll(async () => {
  world = await CrmServiceWorld.start('hubspot', crmHubSpotDefinition, (sandboxUrl) => ({
    hubspotApiUrl: `${sandboxUrl}/hubspot`, hubspotClientId: app.clientId, hubspotClientSecret: app.clientSecret,
  }));
});

afterAll(() => world.stop(), 60_000);

/** A tenant whose HubSpot account is connected and set up. */
async function account() {
  const { portalId, accessToken, refreshToken } = await world.control.createHubSpotPortal({ ...app, searchDelayMs: 0 });
  const shop = await world.tenant({ accountId: String(portalId), tokens: { accessToken, refreshToken } });
  await shop.connected();
  return { portalId, tenant: new RecordTenant(world, shop) };
}

describe('the records of the HubSpot service', () => {
  it('are told in canonical form, all of them and then what people merge and delete', async () => {
    const { portalId, tenant } = await account();
    const company = await world.control.addHubSpotRecord(portalId, 'companies', { properties: { name: 'Muster', domain: 'example.com', country: 'Germany' } });
    const [winner = '', loser = '', deleted = ''] = await world.control.importHubSpotRecords(portalId, 'contacts', ['a', 'b', 'c'].map((name) => (
      { properties: { lastname: 'Muster', email: `${name}@example.com`, phone: '+4930123456' } }
    )));
    await world.control.associateHubSpotRecords(portalId, { type: 'contacts', id: winner }, { type: 'companies', id: company.id });
    for (const object of ['company', 'contact'] as const) {
      expect(await tenant.scan(object)).toMatchObject({ outcome: 'complete', told: object === 'contact' ? 3 : 1 });
      await tenant.follow(object);
    }
    expect(tenant.told('company', company.id)).toMatchObject([{ name: 'Muster', domain: 'example.com', country: 'DE' }]);
    expect(tenant.told('contact', winner)).toMatchObject([{ email: 'a@example.com', phone: '+4930123456', associations: [{ object: 'company', externalId: company.id }] }]);
    const { id: merged } = await world.control.mergeHubSpotRecords(portalId, 'contacts', winner, loser);
    await world.control.deleteHubSpotRecord(portalId, 'contacts', deleted);
    await tenant.poll('contact');
    expect(await eventually('the merged one', () => tenant.gone(loser).length > 0 && tenant.gone(loser))).toMatchObject([{ gone: 'merged', mergedInto: merged }]);
    expect(await eventually('the deleted one', () => tenant.gone(deleted).length > 0 && tenant.gone(deleted))).toMatchObject([{ gone: 'archived' }]);
  });

  it('are written once by the hub’s key, into properties that the set-up made', async () => {
    const { portalId, tenant } = await account();
    const action = { kind: 'write', target: { externalKey: randomUUID() }, fields: { email: 'anna@example.com', lastName: 'Muster', country: 'DE' } } as const;
    expect(await tenant.answerTo(await tenant.ask('contact', action))).toMatchObject({ outcome: 'written', created: true, modifiedAt: expect.any(String) });
    expect(await tenant.answerTo(await tenant.ask('contact', { ...action, fields: { firstName: 'Anna' } }))).toMatchObject({ outcome: 'written', created: false });
    expect(await world.control.hubSpotRecords(portalId, 'contacts')).toMatchObject([
      { properties: { email: 'anna@example.com', lastname: 'Muster', firstname: 'Anna', country: 'Germany', crossdock_external_id: action.target.externalKey } },
    ]);
  });
});
