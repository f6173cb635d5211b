import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dynamicsBench, type DynamicsBench } from './dynamics.fixture.ts';

let bench: DynamicsBench;

beforeAll(async () => {
  bench = await dynamicsBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const represent = { prefer: 'return=representation' };

describe('Dataverse rows', () => {
  it('are upserted by id: 204 either way, or 201 and 200 with the row', async () => {
    const { call } = await bench.environmentWithCaller();
    const path = `contacts(${randomUUID()})?$select=fullname`;
    const made = await call('PATCH', path, { firstname: 'Anna', lastname: 'Muster' }, represent);
    expect(made).toMatchObject({ status: 201, body: { fullname: 'Anna Muster', '@odata.etag': expect.stringMatching(/^W\/"\d+"$/) } });
    expect((await call('PATCH', path, { lastname: 'Meier' }, represent)).status).toBe(200);
    const silent = await call('PATCH', path, { lastname: 'Meier' });
    expect([silent.status, silent.headers.get('odata-entityid')]).toEqual([204, expect.stringContaining('/contacts(')]);
  });

  it('hold to conditions: only change, only make, only this version', async () => {
    const { call } = await bench.environmentWithCaller();
    const path = `contacts(${randomUUID()})`;
    expect((await call('PATCH', path, { lastname: 'A' }, { 'if-match': '*' })).status).toBe(404);
    const made = await call('PATCH', path, { lastname: 'A' }, { 'if-none-match': '*', ...represent });
    expect((await call('PATCH', path, { lastname: 'A' }, { 'if-none-match': '*' })).status).toBe(412);
    await call('PATCH', path, { lastname: 'B' });
    expect(await call('PATCH', path, { lastname: 'C' }, { 'if-match': String(made.body['@odata.etag']) })).toMatchObject({ status: 412, body: { error: { code: '0x80060882' } } });
  });

  it('are found by an alternate key once there is one, which then also keeps values apart', async () => {
    const { call } = await bench.environmentWithCaller();
    expect((await call('PATCH', `contacts(emailaddress1='anna@example.com')`, { lastname: 'A' })).status).toBe(400);
    expect((await call('POST', `EntityDefinitions(LogicalName='contact')/Keys`, { SchemaName: 'new_mail', KeyAttributes: ['emailaddress1'] })).status).toBe(204);
    expect((await call('PATCH', `contacts(emailaddress1='anna@example.com')`, { lastname: 'A' }, represent)).status).toBe(201);
    expect((await call('PATCH', `contacts(emailaddress1='ANNA@example.com')`, { lastname: 'B' }, represent)).status).toBe(200);
    expect((await call('POST', 'contacts', { emailaddress1: 'anna@example.com' })).status).toBe(412);
    expect((await call('GET', `contacts(emailaddress1='nobody@example.com')`)).status).toBe(404);
  });

  it('refuse what the table has not and what does not fit, in Dataverse’s form', async () => {
    const { call } = await bench.environmentWithCaller();
    expect(await call('POST', 'contacts', { shoe_size: 42 })).toMatchObject({ status: 400, body: { error: { code: '0x80048d19' } } });
    expect(await call('POST', 'contacts', { emailaddress1: 'a'.repeat(101) })).toMatchObject({ status: 400, body: { error: { code: '0x80044331' } } });
    expect((await call('POST', 'opportunities', {})).status).toBe(400);
    expect(await call('GET', `contacts(${randomUUID()})`)).toMatchObject({ status: 404, body: { error: { code: '0x80040217' } } });
    expect((await call('GET', 'unicorns')).status).toBe(404);
  });

  it('lead to others by a reference, which must be there', async () => {
    const { call, environment } = await bench.environmentWithCaller();
    const contact = await bench.control.addDynamicsRow(environment.orgId, 'contacts', { lastname: 'Muster' });
    const id = String(contact['contactid']);
    const made = await call('POST', 'opportunities', { name: 'D', 'parentcontactid@odata.bind': `/contacts(${id})` }, represent);
    expect(made).toMatchObject({ status: 201, body: { _parentcontactid_value: id, statecode: 0 } });
    expect((await call('POST', 'opportunities', { name: 'D', 'parentcontactid@odata.bind': `contacts(${randomUUID()})` })).status).toBe(404);
  });

  it('are listed by a filter, page by page', async () => {
    const { call } = await bench.environmentWithCaller({ maxPageSize: 2 });
    for (const lastname of ['A', 'B', 'C', "O'Hara"]) await call('POST', 'contacts', { lastname });
    const first = await call('GET', `contacts?$select=lastname&$filter=${encodeURIComponent(`lastname eq 'a' or (lastname ne 'B' and lastname eq 'O''Hara') or lastname eq 'C'`)}`);
    expect(first.body).toMatchObject({ value: [{ lastname: 'A' }, { lastname: 'C' }], '@odata.nextLink': expect.stringContaining('$skiptoken=') });
    const second = await call('GET', String(first.body['@odata.nextLink']));
    expect(second.body).toMatchObject({ value: [{ lastname: "O'Hara" }] });
    expect(second.body).not.toHaveProperty('@odata.nextLink');
    expect((await call('GET', 'contacts?$filter=lastname like')).status).toBe(400);
  });

  it('tell by a delta link what was changed and deleted since', async () => {
    const { call } = await bench.environmentWithCaller();
    const [kept, gone] = [randomUUID(), randomUUID()];
    for (const id of [kept, gone]) await call('PATCH', `contacts(${id})`, { lastname: 'A' });
    const first = await call('GET', 'contacts?$select=lastname', undefined, { prefer: 'odata.track-changes' });
    expect(first.body['value']).toHaveLength(2);
    await call('DELETE', `contacts(${gone})`);
    await call('PATCH', `contacts(${kept})`, { lastname: 'B' });
    const delta = await call('GET', String(first.body['@odata.deltaLink']));
    expect(delta.body).toMatchObject({ '@odata.context': expect.stringContaining('/$delta'), value: [{ contactid: kept, lastname: 'B' }, { id: gone, reason: 'deleted' }] });
    expect((await call('GET', String(delta.body['@odata.deltaLink']))).body['value']).toEqual([]);
    expect((await call('GET', `contacts?$top=1`, undefined, { prefer: 'odata.track-changes' })).status).toBe(400);
  });

  it('tell what was changed page by page in the order of versions, what was deleted last, and nothing from a place that is forgotten', async () => {
    const { call, environment } = await bench.environmentWithCaller();
    const first = await call('GET', 'contacts?$select=lastname', undefined, { prefer: 'odata.track-changes' });
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of ids) await call('PATCH', `contacts(${id})`, { lastname: 'A' });
    await call('DELETE', `contacts(${String(ids[1])})`);
    await call('PATCH', `contacts(${String(ids[0])})`, { lastname: 'B' });
    const page = await call('GET', String(first.body['@odata.deltaLink']), undefined, { prefer: 'odata.maxpagesize=1' });
    expect(page.body).toMatchObject({ value: [{ contactid: ids[2] }], '@odata.nextLink': expect.any(String) });
    const last = await call('GET', String(page.body['@odata.nextLink']), undefined, { prefer: 'odata.maxpagesize=1' });
    expect(last.body).toMatchObject({ value: [{ contactid: ids[0], lastname: 'B' }, { id: ids[1], reason: 'deleted' }], '@odata.deltaLink': expect.any(String) });
    await bench.control.forgetDynamicsChanges(environment.orgId);
    expect(await call('GET', String(last.body['@odata.deltaLink']))).toMatchObject({ status: 400, body: { error: { code: '0x80044352' } } });
  });

  it('are merged by an action, after which the loser says where it went', async () => {
    const { call } = await bench.environmentWithCaller();
    const [winner, loser] = [randomUUID(), randomUUID()];
    for (const id of [winner, loser]) await call('PATCH', `contacts(${id})`, { lastname: 'A' });
    const row = (contactid: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid });
    expect((await call('POST', 'Merge', { Target: row(winner), Subordinate: row(loser), PerformParentingChecks: false })).status).toBe(204);
    expect((await call('GET', `contacts(${loser})`)).body).toMatchObject({ statecode: 1, merged: true, _masterid_value: winner });
    expect((await call('GET', `contacts(${winner})`)).body).toMatchObject({ statecode: 0, merged: false });
  });

  it('are closed by actions of their own', async () => {
    const { call } = await bench.environmentWithCaller();
    const id = randomUUID();
    await call('PATCH', `opportunities(${id})`, { name: 'D', estimatedvalue: 29.35 });
    const close = { Status: 3, OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `/opportunities(${id})`, actualend: '2026-11-20' } };
    expect((await call('POST', 'WinOpportunity', close)).status).toBe(204);
    expect((await call('GET', `opportunities(${id})`)).body).toMatchObject({ statecode: 1, actualclosedate: '2026-11-20', actualvalue: 29.35 });
    expect((await call('POST', 'LoseOpportunity', close)).status).toBe(400);
  });

  it('are an opportunity’s lines as products that are written in, which make its revenue unless people say that themselves', async () => {
    const { call } = await bench.environmentWithCaller();
    const [summed, said] = [randomUUID(), randomUUID()];
    await call('PATCH', `opportunities(${summed})`, { name: 'D' });
    await call('PATCH', `opportunities(${said})`, { name: 'D', estimatedvalue: 5, isrevenuesystemcalculated: false });
    const line = (opportunity: string) => ({ isproductoverridden: true, productdescription: 'Tea', quantity: 3, priceperunit: 2.1, manualdiscountamount: 1, 'opportunityid@odata.bind': `/opportunities(${opportunity})` });
    for (const id of [summed, said]) expect((await call('PATCH', `opportunityproducts(${randomUUID()})`, line(id), represent)).body).toMatchObject({ baseamount: 6.3, extendedamount: 5.3, _opportunityid_value: id });
    const valueOf = async (id: string) => (await call('GET', `opportunities(${id})`)).body['estimatedvalue'];
    expect([await valueOf(summed), await valueOf(said)]).toEqual([5.3, 5]);
    expect((await call('POST', 'opportunityproducts', { ...line(said), isproductoverridden: false })).status).toBe(400);
    await call('DELETE', `opportunities(${summed})`);
    expect((await call('GET', 'opportunityproducts')).body['value']).toHaveLength(1);
  });

  it('get columns of one’s own', async () => {
    const { call } = await bench.environmentWithCaller();
    const column = `EntityDefinitions(LogicalName='opportunity')/Attributes(LogicalName='xdock_key')`;
    expect((await call('GET', column)).status).toBe(404);
    const definition = { '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata', SchemaName: 'xdock_Key', MaxLength: 255 };
    expect((await call('POST', `EntityDefinitions(LogicalName='opportunity')/Attributes`, definition)).status).toBe(204);
    expect((await call('GET', column)).body).toMatchObject({ LogicalName: 'xdock_key', MaxLength: 255 });
    expect((await call('POST', 'opportunities', { name: 'D', xdock_key: 'k' })).status).toBe(204);
    expect((await call('POST', `EntityDefinitions(LogicalName='opportunity')/Attributes`, definition)).status).toBe(400);
  });
});

describe('a Dataverse batch', () => {
  const batch = (lines: string[][]): string => `${lines.map((part) => ['--batch_1', 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '', ...part, ''].join('\r\n')).join('')}--batch_1--\r\n`;
  const headers = { 'content-type': 'multipart/mixed; boundary="batch_1"' };
  const patch = (values: object): string[] => [`PATCH /api/data/v9.2/contacts(${randomUUID()})?$select=lastname HTTP/1.1`, 'Content-Type: application/json', 'Prefer: return=representation', '', JSON.stringify(values)];

  it('answers each part in its order and goes on after a failure when asked to', async () => {
    const { call, environment } = await bench.environmentWithCaller();
    const body = batch([patch({ lastname: 'A' }), patch({ shoe_size: 1 }), patch({ lastname: 'C' }), ['GET /api/data/v9.2/contacts?$select=lastname HTTP/1.1', '']]);
    const answer = await call('POST', '$batch', body, { ...headers, prefer: 'odata.continue-on-error' });
    expect(answer.headers.get('content-type')).toContain('multipart/mixed; boundary=batchresponse_');
    expect([...answer.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['201', '400', '201', '200']);
    expect(await bench.control.dynamicsRows(environment.orgId, 'contacts')).toHaveLength(2);
  });

  it('ends at the first failure otherwise', async () => {
    const { call } = await bench.environmentWithCaller();
    const answer = await call('POST', '$batch', batch([patch({ shoe_size: 1 }), patch({ lastname: 'C' })]), headers);
    expect([...answer.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['400']);
  });
});
