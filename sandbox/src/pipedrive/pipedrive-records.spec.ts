import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordOf } from '../sandbox-bench.fixture.ts';
import { pipedriveBench, type PipedriveBench } from './pipedrive.fixture.ts';

let bench: PipedriveBench;

beforeAll(async () => {
  bench = await pipedriveBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const anna = { name: 'Anna Muster', emails: [{ value: 'anna@example.com' }], phones: [{ value: '+49151', label: 'mobile' }] };

describe('Pipedrive persons, organisations and deals', () => {
  it('come back as they were written, with times in whole seconds and the name in parts', async () => {
    const { data } = await bench.companyWithCaller();
    const person = await data('POST', '/api/v2/persons', anna);
    expect(person).toMatchObject({
      id: 1, name: 'Anna Muster', first_name: 'Anna', last_name: 'Muster', is_deleted: false, custom_fields: {},
      emails: [{ value: 'anna@example.com', primary: true, label: 'work' }], phones: [{ value: '+49151', primary: true, label: 'mobile' }],
      add_time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
    });
    expect(await data('GET', '/api/v2/persons/1')).toEqual(person);
    await data('PATCH', '/api/v2/persons/1', { phones: [] });
    expect(await data('GET', '/api/v2/persons/1')).toMatchObject({ phones: [], emails: person['emails'] });
  });

  it('get their times of decision from their status', async () => {
    const { data, call } = await bench.companyWithCaller({ defaultCurrency: 'USD' });
    expect(await data('POST', '/api/v2/deals', { title: 'D' })).toMatchObject({ status: 'open', value: 0, currency: 'USD', won_time: null });
    expect(await data('PATCH', '/api/v2/deals/1', { status: 'won', won_time: '2026-11-20T00:00:00Z' }))
      .toMatchObject({ status: 'won', won_time: '2026-11-20T00:00:00Z', close_time: '2026-11-20T00:00:00Z', local_won_date: '2026-11-20' });
    expect(await data('PATCH', '/api/v2/deals/1', { status: 'open' })).toMatchObject({ won_time: null, close_time: null });
    expect(await call('PATCH', '/api/v2/deals/1', { won_time: '2026-11-20T00:00:00Z' })).toMatchObject({ status: 400 });
  });

  it('keep fields of the company’s own under 40 hexadecimal digits and options by number, and refuse any other', async () => {
    const { data, call } = await bench.companyWithCaller();
    const field = await data('POST', '/api/v2/dealFields', { field_name: 'Order', field_type: 'varchar' });
    const size = await data('POST', '/api/v2/dealFields', { field_name: 'Size', field_type: 'enum', options: [{ label: 'S' }, { label: 'L' }] });
    const [code, sizeCode] = [String(field['field_code']), String(size['field_code'])];
    expect(code).toMatch(/^[0-9a-f]{40}$/);
    expect(await data('POST', '/api/v2/deals', { title: 'D', custom_fields: { [code]: 'order/1' } }))
      .toMatchObject({ custom_fields: { [code]: 'order/1', [sizeCode]: null } });
    expect(await data('PATCH', '/api/v2/deals/1', { custom_fields: { [sizeCode]: 2 } })).toMatchObject({ custom_fields: { [code]: 'order/1', [sizeCode]: 2 } });
    for (const custom_fields of [{ [sizeCode]: 'L' }, { ['0'.repeat(40)]: 'x' }]) {
      expect(await call('PATCH', '/api/v2/deals/1', { custom_fields })).toMatchObject({ status: 400, body: { success: false, code: 'ERR_SCHEMA_VALIDATION_FAILED' } });
    }
  });

  it('are listed in pages by an opaque cursor, and by the time of their last change in whole seconds only', async () => {
    const { data, call } = await bench.companyWithCaller();
    for (const title of ['A', 'B', 'C']) await data('POST', '/api/v2/deals', { title });
    const first = await call('GET', '/api/v2/deals?limit=2');
    expect(first.body).toMatchObject({ data: [{ title: 'A' }, { title: 'B' }], additional_data: { next_cursor: expect.any(String) } });
    const { next_cursor: cursor } = recordOf(first.body['additional_data']);
    expect((await call('GET', `/api/v2/deals?limit=2&cursor=${String(cursor)}`)).body).toMatchObject({ data: [{ title: 'C' }], additional_data: { next_cursor: null } });
    expect((await call('GET', '/api/v2/deals?ids=3,99')).body).toMatchObject({ data: [{ title: 'C' }] });
    expect((await call('GET', '/api/v2/deals?updated_since=2026-01-01T00:00:00Z')).status).toBe(200);
    expect((await call('GET', '/api/v2/deals?updated_since=2026-01-01T00:00:00.000Z')).status).toBe(400);
  });

  it('are found by search without regard to case, and only after a while', async () => {
    const { data, call } = await bench.companyWithCaller();
    await data('POST', '/api/v2/persons', anna);
    const items = async (query: string) => (await data('GET', `/api/v2/persons/search?${query}`))['items'];
    expect(await items('term=ANNA@example.com&fields=email&exact_match=true')).toMatchObject([{ item: { id: 1, emails: ['anna@example.com'] } }]);
    expect(await items('term=anna@exam&fields=email&exact_match=true')).toEqual([]);
    expect((await call('GET', '/api/v2/persons/search?term=a')).status).toBe(400);
    const late = await bench.companyWithCaller({ searchDelayMs: 60_000 });
    await late.data('POST', '/api/v2/persons', anna);
    expect(await late.data('GET', '/api/v2/persons/search?term=anna@example.com')).toEqual({ items: [] });
  });

  it('are linked: the contact person takes part, others by version 1, an unknown one is refused', async () => {
    const { data, call } = await bench.companyWithCaller();
    for (const name of ['Anna', 'Ben']) await data('POST', '/api/v2/persons', { name });
    await data('POST', '/api/v2/deals', { title: 'D', person_id: 1 });
    await data('POST', '/api/v1/deals/1/participants', { person_id: 2 });
    expect((await call('GET', '/v1/deals/1/participants')).body).toMatchObject({
      data: [{ person_id: { value: 1 } }, { person_id: { value: 2 } }], additional_data: { pagination: { more_items_in_collection: false } },
    });
    expect((await call('GET', '/api/v2/deals?include_fields=participants_count')).body).toMatchObject({ data: [{ participants_count: 2 }] });
    expect((await call('GET', '/api/v2/persons?deal_id=1')).body).toMatchObject({ data: [{ name: 'Anna' }, { name: 'Ben' }] });
    expect((await call('POST', '/api/v2/deals', { title: 'D', person_id: 99 })).status).toBe(400);
    expect((await call('POST', '/v1/deals/1/participants', { person_id: 99 })).status).toBe(404);
    await data('DELETE', '/v1/deals/1/participants/2');
    await data('PATCH', '/api/v2/deals/1', { person_id: null });
    expect((await call('GET', '/v1/deals/1/participants')).body).toMatchObject({ data: [] });
  });

  it('have fields of the company’s own in each kind apart, by which search finds them', async () => {
    const { data, call } = await bench.companyWithCaller();
    const [ofPersons, ofOrganizations] = await Promise.all(['personFields', 'organizationFields'].map(async (path) =>
      String((await data('POST', `/api/v2/${path}`, { field_name: 'Key', field_type: 'varchar' }))['field_code'])));
    await data('POST', '/api/v2/persons', { name: 'Anna', custom_fields: { [ofPersons ?? '']: 'contact/1' } });
    await data('POST', '/api/v2/organizations', { name: 'Muster Ltd', custom_fields: { [ofOrganizations ?? '']: 'company/1' } });
    expect((await call('PATCH', '/api/v2/persons/1', { custom_fields: { [ofOrganizations ?? '']: 'x' } })).status).toBe(400);
    for (const [path, term] of [['persons', 'contact/1'], ['organizations', 'COMPANY/1']]) {
      expect(await data('GET', `/api/v2/${path ?? ''}/search?term=${term ?? ''}&fields=custom_fields&exact_match=true`)).toMatchObject({ items: [{ item: { id: 1 } }] });
    }
    expect((await call('GET', `/api/v2/persons?custom_fields=${ofPersons ?? ''}`)).body).toMatchObject({ data: [{ custom_fields: { [ofPersons ?? '']: 'contact/1' } }] });
  });

  it('are told of late, the deleted among them, and read on where a page ended though one moved meanwhile', async () => {
    const { data, call } = await bench.companyWithCaller();
    for (const name of ['A', 'B', 'C']) await data('POST', '/api/v2/persons', { name });
    const first = await call('GET', '/api/v2/persons?limit=1');
    await data('DELETE', '/api/v2/persons/1');
    const { next_cursor: cursor } = recordOf(first.body['additional_data']);
    expect((await call('GET', `/api/v2/persons?limit=1&cursor=${String(cursor)}`)).body).toMatchObject({ data: [{ name: 'B' }] });
    const { body } = await call('GET', '/api/v1/recents?since_timestamp=2026-01-01%2000:00:00&items=person&limit=2');
    expect(body).toMatchObject({ data: [{ item: 'person', data: { active_flag: expect.any(Boolean) } }, {}], additional_data: { pagination: { more_items_in_collection: true } } });
    const rest = await call('GET', '/api/v1/recents?since_timestamp=2026-01-01%2000:00:00&items=person');
    expect(rest.body['data']).toContainEqual(expect.objectContaining({ id: 1, data: expect.objectContaining({ active_flag: false }) }));
  });

  it('are linked to organisations that there are', async () => {
    const { data, call } = await bench.companyWithCaller();
    await data('POST', '/api/v2/organizations', { name: 'Muster Ltd', website: 'https://muster.example' });
    await data('POST', '/api/v2/persons', { name: 'Anna', org_id: 1 });
    await data('POST', '/api/v2/deals', { title: 'D', org_id: 1 });
    for (const path of ['persons', 'deals']) {
      expect((await call('GET', `/api/v2/${path}?org_id=1`)).body).toMatchObject({ data: [{ org_id: 1 }] });
      expect((await call('PATCH', `/api/v2/${path}/1`, { org_id: 99 })).status).toBe(400);
    }
    await data('DELETE', '/api/v2/organizations/1');
    expect((await call('GET', '/api/v2/organizations')).body).toMatchObject({ data: [] });
  });

  it('are gone from lists when deleted, but for the list of deleted deals', async () => {
    const { data, call } = await bench.companyWithCaller();
    await data('POST', '/api/v2/deals', { title: 'D' });
    expect(await data('DELETE', '/api/v2/deals/1')).toEqual({ id: 1 });
    expect(await data('GET', '/api/v2/deals/1')).toMatchObject({ id: 1, is_deleted: true });
    expect((await call('PATCH', '/api/v2/deals/1', { title: 'E' })).status).toBe(404);
    expect((await call('GET', '/api/v2/deals')).body).toMatchObject({ data: [] });
    expect((await call('GET', '/api/v2/deals?status=deleted')).body).toMatchObject({ data: [{ is_deleted: true }] });
  });
});
