import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { zohoBench, type ZohoBench } from './zoho.fixture.ts';

let bench: ZohoBench;

beforeAll(async () => {
  bench = await zohoBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const contact = (name: string, more: Record<string, unknown> = {}) => ({ Last_Name: name, Email: `${name.toLowerCase()}@example.com`, ...more });

describe('records of Zoho CRM', () => {
  it('are upserted by e-mail without regard to case, each with a result of its own', async () => {
    const { org, call } = await bench.orgWithCaller();
    const first = await call('POST', 'Contacts/upsert', { data: [contact('Ada')], duplicate_check_fields: ['Email'] });
    expect(first).toMatchObject({ status: 200, body: { data: [{ code: 'SUCCESS', action: 'insert', duplicate_field: null }] } });
    const second = await call('POST', 'Contacts/upsert', {
      data: [{ ...contact('Ada'), Email: 'ADA@example.com', First_Name: 'A' }, contact('Bob', { Email: 'no address' })], duplicate_check_fields: ['Email'],
    });
    expect(second).toMatchObject({
      status: 207,
      body: { data: [{ action: 'update', duplicate_field: 'Email' }, { code: 'INVALID_DATA', details: { api_name: 'Email', json_path: '$.data[1].Email' } }] },
    });
    expect(await bench.control.zohoRecords(org.orgId, 'Contacts')).toEqual([expect.objectContaining({ Full_Name: 'A Ada' })]);
    expect((await bench.control.writes('zoho')).byType).toEqual({ Contacts: { created: 1, updated: 1, unchanged: 0, deleted: 0 } });
  });

  it('are refused for a missing field, a lookup that leads nowhere and a value that must be unique', async () => {
    const { call } = await bench.orgWithCaller();
    const made = await call('POST', 'settings/fields?module=Deals', { fields: [{ field_label: 'Crossdock Key', data_type: 'text', unique: {} }] });
    expect(made).toMatchObject({ status: 201, body: { fields: [{ code: 'SUCCESS', details: { api_name: 'Crossdock_Key' } }] } });
    expect(await call('POST', 'settings/fields?module=Deals', { fields: [{ field_label: 'Crossdock Key', data_type: 'text' }] })).toMatchObject({ status: 400, body: { fields: [{ code: 'DUPLICATE_DATA' }] } });
    const deal = { Deal_Name: 'Deal', Stage: 'Qualification', Crossdock_Key: 'order/1' };
    const answer = await call('POST', 'Deals', { data: [deal, deal, { Stage: 'Closed Won' }, { ...deal, Crossdock_Key: 'order/2', Contact_Name: { id: '1' } }, { ...deal, Crossdock_Key: 'order/3', Colour: 'red' }] });
    expect(answer).toMatchObject({
      status: 207,
      body: { data: [{ code: 'SUCCESS' }, { code: 'DUPLICATE_DATA', details: { api_name: 'Crossdock_Key' } }, { code: 'MANDATORY_NOT_FOUND' }, { code: 'INVALID_DATA', details: { api_name: 'Contact_Name' } }, { code: 'SUCCESS' }] },
    });
    expect((await call('POST', 'Deals/upsert', { data: [deal], duplicate_check_fields: ['Stage'] })).status).toBe(400);
  });

  it('are listed by the fields that are named, page by page, to 2,000 by number and on by token', async () => {
    const { call } = await bench.orgWithCaller();
    for (let part = 0; part < 21; part += 1) {
      await call('POST', 'Contacts', { data: Array.from({ length: 100 }, (_, index) => ({ Last_Name: `N${part}-${index}` })) });
    }
    expect(await call('GET', 'Contacts')).toMatchObject({ status: 400, body: { code: 'REQUIRED_PARAM_MISSING', details: { param_name: 'fields' } } });
    expect(await call('GET', 'Contacts?fields=Last_Name&page=11')).toMatchObject({ status: 400, body: { code: 'DISCRETE_PAGINATION_LIMIT_EXCEEDED' } });
    const seen = new Set<string>();
    let next: string | null = '';
    while (next !== null) {
      const { body } = await call('GET', `Contacts?fields=Last_Name${next === '' ? '' : `&page_token=${next}`}`);
      const page = body as { data: { id: string }[]; info: { next_page_token: string | null } };
      for (const { id } of page.data) seen.add(id);
      next = page.info.next_page_token;
    }
    expect(seen.size).toBe(2_100);
    expect(await call('GET', 'Contacts?fields=Last_Name&page_token=old')).toMatchObject({ status: 400, body: { code: 'EXPIRED_VALUE' } });
  });

  it('are none with 204, unchanged with 304, and found among the deleted', async () => {
    const { org, call } = await bench.orgWithCaller();
    expect((await call('GET', 'Deals?fields=Stage')).status).toBe(204);
    const { id } = await bench.control.addZohoRecord(org.orgId, 'Deals', { Deal_Name: 'Deal', Stage: 'Qualification' });
    const since = (offsetMs: number) => ({ 'if-modified-since': new Date(Date.now() + offsetMs).toISOString() });
    expect((await call('GET', 'Deals?fields=Stage', undefined, since(-60_000))).status).toBe(200);
    expect((await call('GET', 'Deals?fields=Stage', undefined, since(60_000))).status).toBe(304);
    await call('DELETE', `Deals?ids=${id}`);
    expect((await call('GET', `Deals/${id}`)).status).toBe(204);
    expect(await call('GET', 'Deals/deleted?type=all')).toMatchObject({ body: { data: [{ id, type: 'recycle', display_name: 'Deal' }] } });
    expect(await call('PUT', 'Deals', { data: [{ id, Stage: 'Closed Won' }] })).toMatchObject({ status: 400, body: { data: [{ code: 'INVALID_DATA' }] } });
  });

  it('belong to people who are there', async () => {
    const { org, call } = await bench.orgWithCaller();
    const { id } = await bench.control.addZohoRecord(org.orgId, 'Contacts', contact('Ada'));
    const { body } = await call('GET', 'users?type=AllUsers');
    expect(body).toMatchObject({ users: [{ status: 'active' }, { status: 'active' }, { status: 'disabled' }] });
    const answers = ['6493490000000486002', '6493490000000486003'].map((owner) => call('PUT', 'Contacts', { data: [{ id, Owner: { id: owner } }] }));
    expect(await Promise.all(answers)).toMatchObject([{ status: 200 }, { status: 400, body: { data: [{ code: 'INVALID_DATA', details: { api_name: 'Owner' } }] } }]);
  });

  it('are queried with COQL, over lookups too, and a query without conditions or with an unknown column is refused', async () => {
    const { org, call } = await bench.orgWithCaller();
    const ada = await bench.control.addZohoRecord(org.orgId, 'Contacts', contact('Ada'));
    const bob = await bench.control.addZohoRecord(org.orgId, 'Contacts', contact('Bob'));
    const deal = await bench.control.addZohoRecord(org.orgId, 'Deals', { Deal_Name: 'Deal', Stage: 'Qualification', Amount: 10.5, Contact_Name: { id: ada.id } });
    const query = (text: string) => call('POST', 'coql', { select_query: text });
    expect(await query(`select Deal_Name, Contact_Name.Email from Deals where id in ('${deal.id}') and Amount > 10`)).toMatchObject({
      status: 200, body: { data: [{ id: deal.id, Deal_Name: 'Deal', 'Contact_Name.Email': 'ada@example.com' }], info: { count: 1, more_records: false } },
    });
    expect(await query(`select Email from Contacts where id > ${ada.id} order by id asc limit 2000`)).toMatchObject({ body: { data: [{ id: bob.id }] } });
    expect((await query("select Email from Contacts where Email = 'nobody@example.com'")).status).toBe(204);
    expect(await query('select Email from Contacts')).toMatchObject({ status: 400, body: { code: 'SYNTAX_ERROR' } });
    expect(await query("select Colour from Contacts where Email = 'a'")).toMatchObject({ status: 400, body: { code: 'INVALID_QUERY' } });
    expect(await call('PUT', `Deals/${deal.id}/Contact_Roles`, { data: [{ id: bob.id, Contact_Role: 'Decision Maker' }, { id: '1' }] })).toMatchObject({ status: 207 });
    expect(await call('GET', `Deals/${deal.id}/Contact_Roles`)).toMatchObject({ body: { data: [{ id: ada.id }, { id: bob.id, Email: 'bob@example.com' }] } });
  });
});

describe('what Zoho CRM allows', () => {
  it('changes with edition and rights, and the organisation says so', async () => {
    const { org, call } = await bench.orgWithCaller({ edition: 'standard' });
    expect(await call('GET', 'org')).toMatchObject({ body: { org: [{ zgid: org.orgId, iso_code: 'EUR', license_details: { paid_type: 'standard' } }] } });
    await bench.control.changeZohoOrg(org.orgId, { mayMakeFields: false, moduleRights: { Deals: { editable: false } } });
    expect((await call('POST', 'settings/fields?module=Deals', { fields: [{ field_label: 'Key', data_type: 'text' }] })).body).toMatchObject({ code: 'NO_PERMISSION' });
    expect(await call('POST', 'Deals/upsert', { data: [{ Deal_Name: 'D', Stage: 'S' }] })).toMatchObject({ status: 403, body: { code: 'NO_PERMISSION' } });
    expect((await call('GET', 'settings/modules')).body).toMatchObject({ modules: expect.arrayContaining([expect.objectContaining({ api_name: 'Deals', editable: false })]) });
  });

  it('is so many credits a day, a write of a hundred records costing ten, and so many calls at once', async () => {
    const { call } = await bench.orgWithCaller({ credits: 12 });
    expect((await call('POST', 'Contacts', { data: Array.from({ length: 100 }, () => contact('Ada')) })).status).toBe(201);
    expect([(await call('GET', 'org')).status, (await call('GET', 'org')).status]).toEqual([200, 200]);
    expect(await call('GET', 'org')).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
    const busy = await bench.orgWithCaller({ concurrency: 1 });
    await bench.control.addFault('zoho', { kind: 'latency', latencyMs: 300, phase: 'after' });
    const statuses = (await Promise.all([busy.call('GET', 'org'), busy.call('GET', 'org')])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 429]);
  });
});
