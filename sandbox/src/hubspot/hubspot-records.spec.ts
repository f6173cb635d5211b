/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the client's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import type { Client } from '@hubspot/api-client';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/line_items/index.js';
import { PropertyCreateFieldTypeEnum, PropertyCreateTypeEnum } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
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

async function addExternalId(hubspot: Client): Promise<void> {
  await hubspot.crm.properties.coreApi.create('deals', {
    name: 'crossdock_external_id',
    label: 'External id',
    type: PropertyCreateTypeEnum.String,
    fieldType: PropertyCreateFieldTypeEnum.Text,
    groupName: 'dealinformation',
    hasUniqueValue: true,
  });
}

describe('HubSpot records through the official client', () => {
  it('upserts a contact by e-mail: new the first time, the same record the second', async () => {
    const { hubspot } = await bench.portalWithClient();
    const upsert = (firstname: string) =>
      hubspot.crm.contacts.batchApi.upsert({
        inputs: [{ idProperty: 'email', id: 'Ada@Example.com', properties: { firstname } }],
      });
    const [first] = (await upsert('Ada')).results;
    const [second] = (await upsert('Augusta')).results;
    expect(first).toMatchObject({ _new: true, properties: { email: 'ada@example.com', firstname: 'Ada' } });
    expect(second).toMatchObject({ _new: false, id: first?.id, properties: { firstname: 'Augusta' } });
  });

  it('makes line items of a deal, works their amounts out, and takes no price below zero', async () => {
    const { hubspot } = await bench.portalWithClient();
    const deal = await hubspot.crm.deals.basicApi.create({ properties: { dealname: 'Order 1' }, associations: [] });
    const make = (properties: Record<string, string>, associationTypeId = 20) => hubspot.crm.lineItems.batchApi.create({
      inputs: [{ properties, associations: [{ to: { id: deal.id }, types: [{ associationCategory: AssociationSpecAssociationCategoryEnum.HubspotDefined, associationTypeId }] }] }],
    });
    const [item] = (await make({ name: 'Tea', quantity: '3', price: '12.50', discount: '0.50', hs_external_id: 'order/1' })).results;
    expect(item).toMatchObject({ properties: { name: 'Tea', amount: '36' } });
    expect(await hubspot.crm.lineItems.basicApi.update(item?.id ?? '', { properties: { quantity: '1' } })).toMatchObject({ properties: { amount: '12' } });
    expect((await hubspot.crm.deals.basicApi.getById(deal.id, ['hs_num_of_associated_line_items'], undefined, ['line_items']))).toMatchObject({
      properties: { hs_num_of_associated_line_items: '1' }, associations: { line_items: { results: [{ id: item?.id }] } },
    });
    for (const refused of [make({ price: '-1' }), make({ hs_external_id: 'order/1' }), make({ name: 'Tea' }, 3)]) expect(await refusalOf(refused)).toMatchObject({ code: 400 });
  });

  it('upserts a deal by a unique property and refuses one that is not unique', async () => {
    const { portal, hubspot } = await bench.portalWithClient();
    const upsert = (idProperty: string) =>
      hubspot.crm.deals.batchApi.upsert({ inputs: [{ idProperty, id: 'order-1', properties: { dealname: 'Order 1' } }] });
    const refused = await refusalOf(upsert('dealname'));
    expect(refused).toMatchObject({
      code: 400,
      body: {
        category: 'VALIDATION_ERROR',
        message: `Unable to perform update/upsert by non-unique 0-3 property dealname in portal ID ${portal.portalId}`,
      },
    });
    await addExternalId(hubspot);
    await upsert('crossdock_external_id');
    await upsert('crossdock_external_id');
    expect(await bench.control.hubSpotRecords(portal.portalId, 'deals')).toHaveLength(1);
    expect((await bench.control.writes('hubspot')).byType['deals']).toEqual({ created: 1, updated: 0, unchanged: 1, deleted: 0 });
  });

  it('names every property that does not exist', async () => {
    const { hubspot } = await bench.portalWithClient();
    const refused = await refusalOf(hubspot.crm.contacts.basicApi.create({ properties: { colour: 'red', size: '9' }, associations: [] }));
    expect(refused.code).toBe(400);
    expect(refused.body['message']).toMatch(/^Property values were not valid: \[.*"error":"PROPERTY_DOESNT_EXIST","name":"colour".*"name":"size"/);
  });

  it('answers 409 with the id of the contact that has the e-mail already', async () => {
    const { hubspot } = await bench.portalWithClient();
    const create = () => hubspot.crm.contacts.basicApi.create({ properties: { email: 'a@example.com' }, associations: [] });
    const { id } = await create();
    expect(await refusalOf(create())).toMatchObject({
      code: 409,
      body: { category: 'CONFLICT', message: `Contact already exists. Existing ID: ${id}` },
    });
  });

  it('writes the good part of a batch when every input has a trace id, and nothing when not', async () => {
    const { portal, hubspot } = await bench.portalWithClient();
    const inputs = (traced: boolean) =>
      ['x@example.com', 'not an address'].map((email, index) => ({
        properties: { email },
        associations: [],
        ...(traced ? { objectWriteTraceId: `row-${index}` } : {}),
      }));
    expect((await refusalOf(hubspot.crm.contacts.batchApi.create({ inputs: inputs(false) }))).code).toBe(400);
    expect(await bench.control.hubSpotRecords(portal.portalId, 'contacts')).toHaveLength(0);
    const partial = await hubspot.crm.contacts.batchApi.create({ inputs: inputs(true) });
    expect(partial).toMatchObject({
      status: 'COMPLETE',
      numErrors: 1,
      errors: [{ category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['row-1'] } }],
    });
    expect(partial.results).toHaveLength(1);
  });

  it('refuses a batch of more than 100 and one that names a record twice', async () => {
    const { hubspot } = await bench.portalWithClient();
    const input = (email: string) => ({ idProperty: 'email', id: email, properties: {} });
    const many = Array.from({ length: 101 }, (_, index) => input(`p${index}@example.com`));
    expect((await refusalOf(hubspot.crm.contacts.batchApi.upsert({ inputs: many }))).code).toBe(400);
    const twice = [input('a@example.com'), input('A@example.com')];
    expect((await refusalOf(hubspot.crm.contacts.batchApi.upsert({ inputs: twice }))).body['message']).toMatch(/^Duplicate IDs/);
  });

  it('updates the records of a batch that it can and tells of each other one', async () => {
    const { hubspot } = await bench.portalWithClient();
    const { id } = await hubspot.crm.deals.basicApi.create({ properties: { dealname: 'One' }, associations: [] });
    const other = await hubspot.crm.deals.basicApi.create({ properties: { dealname: 'Two' }, associations: [] });
    const answer = await hubspot.crm.deals.batchApi.update({
      inputs: [
        { id, properties: { amount: '12.50' } },
        { id: other.id, properties: { amount: 'much' } },
        { id: '5', properties: { amount: '1' } },
      ],
    });
    expect(answer.results.map((record) => [record.id, record.properties['amount']])).toEqual([[id, '12.50']]);
    expect(answer).toMatchObject({
      numErrors: 2,
      errors: [
        { category: 'VALIDATION_ERROR', context: { ids: [other.id] } },
        { category: 'OBJECT_NOT_FOUND', context: { ids: ['5'] } },
      ],
    });
  });

  it('tells in a batch read which records are not there', async () => {
    const { hubspot } = await bench.portalWithClient();
    const { id } = await hubspot.crm.deals.basicApi.create({ properties: { dealname: 'One' }, associations: [] });
    const answer = await hubspot.crm.deals.batchApi.read({
      inputs: [{ id }, { id: '5' }],
      properties: ['dealname'],
      propertiesWithHistory: [],
    });
    expect(answer).toMatchObject({ results: [{ id }], errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['5'] } }] });
  });

  it('finds a new record by search only after a while, and by its id at once', async () => {
    const { hubspot } = await bench.portalWithClient({ searchDelayMs: 150 });
    const { id } = await hubspot.crm.contacts.basicApi.create({ properties: { email: 'late@example.com' }, associations: [] });
    const search = () =>
      hubspot.crm.contacts.searchApi.doSearch({
        filterGroups: [{ filters: [{ propertyName: 'email', operator: FilterOperatorEnum.Eq, value: 'late@example.com' }] }],
        properties: ['email'],
        limit: 10,
        sorts: [],
        after: '0',
      });
    expect((await search()).total).toBe(0);
    expect((await hubspot.crm.contacts.basicApi.getById(id)).id).toBe(id);
    const deadline = Date.now() + 5_000;
    let found = 0;
    while (found === 0 && Date.now() < deadline) found = (await search()).total;
    expect(found).toBe(1);
  });

  it('says of imported records that they have been as they are since the time given', async () => {
    const { portal, hubspot } = await bench.portalWithClient();
    const changedAt = '2025-03-01T08:00:00.000Z';
    const [id = ''] = await bench.control.importHubSpotRecords(portal.portalId, 'contacts', [{ properties: { email: 'old@example.com' } }], new Date(changedAt));
    const record = await hubspot.crm.contacts.basicApi.getById(id, ['lastmodifieddate']);
    expect([record.properties['lastmodifieddate'], record.updatedAt.toISOString()]).toEqual([changedAt, changedAt]);
    const since = { propertyName: 'lastmodifieddate', operator: FilterOperatorEnum.Gt, value: changedAt };
    const found = await hubspot.crm.contacts.searchApi.doSearch({ filterGroups: [{ filters: [since] }], properties: [], limit: 10, sorts: [], after: '0' });
    expect(found.total).toBe(0);
  });

  it('pages a search by its cursor and goes no further than ten thousand', async () => {
    const { hubspot } = await bench.portalWithClient();
    for (let start = 0; start < 300; start += 100) {
      await hubspot.crm.contacts.batchApi.create({
        inputs: Array.from({ length: 100 }, (_, index) => ({ properties: { email: `n${start + index}@example.com` }, associations: [] })),
      });
    }
    const page = (after: string) =>
      hubspot.crm.contacts.searchApi.doSearch({
        filterGroups: [{ filters: [{ propertyName: 'lastmodifieddate', operator: FilterOperatorEnum.Gte, value: '0' }] }],
        sorts: ['lastmodifieddate'],
        properties: [],
        limit: 200,
        after,
      });
    const first = await page('0');
    const second = await page(first.paging?.next?.after ?? '');
    expect(new Set([...first.results, ...second.results].map((record) => record.id)).size).toBe(300);
    expect(second.paging).toBeUndefined();
    expect((await refusalOf(page('9900'))).code).toBe(400);
  });

  it('keeps what belongs together and shows it from both ends', async () => {
    const { hubspot } = await bench.portalWithClient();
    const contact = await hubspot.crm.contacts.basicApi.create({ properties: { email: 'c@example.com' }, associations: [] });
    const deal = await hubspot.crm.deals.basicApi.create({ properties: { dealname: 'D' }, associations: [] });
    await hubspot.crm.associations.v4.batchApi.createDefault('deals', 'contacts', {
      inputs: [{ _from: { id: deal.id }, to: { id: contact.id } }],
    });
    const read = await hubspot.crm.associations.v4.batchApi.getPage('contacts', 'deals', { inputs: [{ id: contact.id }] });
    expect(read.results[0]?.to[0]).toMatchObject({ toObjectId: Number(deal.id), associationTypes: [{ typeId: 4 }] });
    const seen = await hubspot.crm.deals.basicApi.getById(deal.id, undefined, undefined, ['contacts']);
    expect(seen.associations?.['contacts']?.results).toEqual([expect.objectContaining({ id: contact.id, type: 'deal_to_contact' })]);
  });

  it('closes a deal as won with its date when it enters that stage, and leaves the date alone after', async () => {
    const { portal, hubspot } = await bench.portalWithClient();
    const deal = await hubspot.crm.deals.basicApi.create({ properties: { dealname: 'D', dealstage: 'contractsent' }, associations: [] });
    const won = await bench.control.editHubSpotRecord(portal.portalId, 'deals', deal.id, { properties: { dealstage: 'closedwon' } });
    expect(won.properties).toMatchObject({ hs_is_closed_won: 'true', hs_is_closed: 'true', closedate: won.updatedAt });
    const again = await bench.control.editHubSpotRecord(portal.portalId, 'deals', deal.id, { properties: { dealstage: 'closedwon' } });
    expect(again.updatedAt).toBe(won.updatedAt);
    const stages = await hubspot.crm.pipelines.pipelinesApi.getAll('deals');
    expect(stages.results[0]?.stages.map((stage) => stage.id)).toContain('closedwon');
  });

  it('keeps the records of two portals apart', async () => {
    const first = await bench.portalWithClient();
    const second = await bench.portalWithClient();
    const { id } = await first.hubspot.crm.contacts.basicApi.create({ properties: { email: 'a@example.com' }, associations: [] });
    expect((await refusalOf(second.hubspot.crm.contacts.basicApi.getById(id))).code).toBe(404);
  });
});
