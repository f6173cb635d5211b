/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the client's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hubSpotBench, refusalOf, type HubSpotBench } from './hubspot.fixture.ts';

let bench: HubSpotBench;

beforeAll(async () => {
  bench = await hubSpotBench();
});
afterAll(async () => {
  await bench.stop();
});
beforeEach(async () => {
  await bench.clean();
});

const contact = (email: string) => ({ properties: { email }, associations: [] });

describe('HubSpot records that are merged, associated and archived', () => {
  it('makes a new record of two, to which their ids and addresses lead', async () => {
    const { portal, hubspot } = await bench.portalWithClient();
    const [first, second] = [await hubspot.crm.contacts.basicApi.create(contact('a@example.com')), await hubspot.crm.contacts.basicApi.create(contact('b@example.com'))];
    const merged = await bench.control.mergeHubSpotRecords(portal.portalId, 'contacts', first.id, second.id);
    expect([first.id, second.id]).not.toContain(merged.id);
    expect(merged.properties).toMatchObject({ email: 'a@example.com', hs_additional_emails: 'b@example.com', hs_merged_object_ids: `${first.id};${second.id}` });
    const read = await hubspot.crm.contacts.batchApi.read({ inputs: [{ id: first.id }, { id: second.id }], properties: [], propertiesWithHistory: [] });
    expect(read.results.map(({ id }) => id)).toEqual([merged.id]);
    expect((await hubspot.crm.contacts.basicApi.getById('b@example.com', undefined, undefined, undefined, false, 'email')).id).toBe(merged.id);
    expect((await hubspot.crm.contacts.basicApi.getPage(10, undefined, undefined, undefined, undefined, true)).results).toEqual([]);
    expect((await bench.control.hubSpotRecords(portal.portalId, 'contacts')).map(({ id }) => id)).toEqual([merged.id]);
  });

  it('counts a deal’s contacts and names a contact’s first company, which modifies the records', async () => {
    const { hubspot } = await bench.portalWithClient();
    const { id } = await hubspot.crm.contacts.basicApi.create(contact('a@example.com'));
    const company = await hubspot.crm.companies.basicApi.create({ properties: { name: 'Acme' }, associations: [] });
    const deal = await hubspot.crm.deals.basicApi.create({ properties: { dealname: 'D' }, associations: [] });
    const { batchApi } = hubspot.crm.associations.v4;
    await batchApi.createDefault('contacts', 'companies', { inputs: [{ _from: { id }, to: { id: company.id } }] });
    await batchApi.createDefault('deals', 'contacts', { inputs: [{ _from: { id: deal.id }, to: { id } }] });
    const seen = await hubspot.crm.contacts.basicApi.getById(id, ['associatedcompanyid', 'num_associated_deals']);
    expect(seen.properties).toMatchObject({ associatedcompanyid: company.id, num_associated_deals: '1' });
    await batchApi.archive('deals', 'contacts', { inputs: [{ _from: { id: deal.id }, to: [{ id }] }] });
    expect((await hubspot.crm.deals.basicApi.getById(deal.id, ['num_associated_contacts'])).properties['num_associated_contacts']).toBeNull();
    await hubspot.crm.companies.basicApi.archive(company.id);
    expect((await hubspot.crm.contacts.basicApi.getById(id, ['associatedcompanyid'])).properties['associatedcompanyid']).toBeNull();
  });

  it('reads archived records only where they are asked for', async () => {
    const { hubspot } = await bench.portalWithClient();
    const { id } = await hubspot.crm.contacts.basicApi.create(contact('a@example.com'));
    await hubspot.crm.contacts.basicApi.archive(id);
    const asked = { inputs: [{ id }], properties: [], propertiesWithHistory: [] };
    expect((await hubspot.crm.contacts.batchApi.read(asked)).results).toEqual([]);
    expect((await hubspot.crm.contacts.batchApi.read(asked, true)).results).toEqual([expect.objectContaining({ id, archived: true })]);
  });

  it('gives a record to no owner who has left, and lists him among the archived', async () => {
    const { hubspot } = await bench.portalWithClient();
    const [[owner], [left]] = [(await hubspot.crm.owners.ownersApi.getPage()).results, (await hubspot.crm.owners.ownersApi.getPage(undefined, undefined, 10, true)).results];
    const { id } = await hubspot.crm.contacts.basicApi.create({ properties: { hubspot_owner_id: owner?.id ?? '' }, associations: [] });
    const refused = await refusalOf(hubspot.crm.contacts.basicApi.update(id, { properties: { hubspot_owner_id: left?.id ?? '' } }));
    expect(refused.body['message']).toContain('"name":"hubspot_owner_id"');
  });
});
