import { randomUUID } from 'node:crypto';
import { Failure, type CrmObject, type FieldValue } from '@crossdock/contracts';
import { derivedFields, type RecordRef, type RecordWrite } from '@crossdock/crm-connector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dynamicsWorld, type DynamicsWorld } from './dynamics-world.fixture.ts';

let world: DynamicsWorld;
const signal = AbortSignal.timeout(120_000);

beforeAll(async () => {
  world = await dynamicsWorld();
});
afterAll(() => world.stop());

const describeOf = (object: CrmObject) => world.connector.describe(world.connection, object, signal);
const write = async (object: CrmObject, ...writes: RecordWrite[]) => world.connector.write(world.connection, await describeOf(object), writes, signal);
const newly = (fields: RecordWrite['fields'], more: Partial<RecordWrite> = {}): RecordWrite => ({ target: { key: randomUUID() }, fields, ...more });
const aContact = (fields: RecordWrite['fields'] = {}): RecordWrite => newly({ emailaddress1: `${randomUUID()}@example.com`, lastname: 'Muster', ...fields });

async function idOf(object: CrmObject, wanted: RecordWrite): Promise<string> {
  const [result] = await write(object, wanted);
  if (result === undefined || result instanceof Failure) throw result ?? new Error('The record got no result.');
  return result.id;
}

async function read(object: CrmObject, id: string, fieldNames: readonly string[] = []) {
  const found = (await world.connector.getByIds(world.connection, { description: await describeOf(object), fieldNames }, [id], signal)).get(id);
  if (!found || 'gone' in found) throw new Error(`There is no ${object} ${id}.`);
  return found;
}

/** Pages until nothing more is there. */
async function changesOf(object: CrmObject, fieldNames: readonly string[], cursor?: string) {
  const selection = { description: await describeOf(object), fieldNames };
  const records = new Map<string, Readonly<Record<string, FieldValue>>>();
  for (;;) {
    const page = await world.connector.listChanges(world.connection, selection, cursor, signal);
    for (const { id, fields } of page.records) records.set(id, fields);
    cursor = page.cursor;
    if (!page.hasMore) return { records, cursor };
  }
}

const outcomes = (results: ReadonlyArray<Awaited<ReturnType<typeof write>>[number]>) => results.map((result) => (result instanceof Failure ? result.kind : result.outcome));

describe('values of Dynamics', () => {
  it('come back as they were written, whatever kind of column keeps them', async () => {
    const owner = (await describeOf('contact')).fields.find(({ name }) => name === 'ownerid')?.options?.find(({ isActive }) => isActive)?.value ?? '';
    const contact = {
      lastname: 'Muster', birthdate: '1990-01-31', donotbulkemail: true, preferredcontactmethodcode: '2', new_interests: ['100000000', '100000001'], ownerid: owner,
      description: 'two\nlines',
    };
    expect((await read('contact', await idOf('contact', newly(contact)), Object.keys(contact))).fields).toEqual(contact);
    const company = { name: 'Muster', numberofemployees: 12, revenue: { amountMinor: 1_234_500, currency: 'JPY' } };
    expect((await read('company', await idOf('company', newly(company)), Object.keys(company))).fields).toEqual(company);
  });

  it('say of a choice and of an owner what there is to choose from', async () => {
    const { fields } = await describeOf('contact');
    const field = (name: string) => fields.find((each) => each.name === name);
    expect(field('preferredcontactmethodcode')?.options).toContainEqual({ value: '2', label: 'Email', isActive: true });
    expect(field('ownerid')?.options).toContainEqual(expect.objectContaining({ label: 'left@example.com', isActive: false }));
    expect(field('parentcustomerid')).toMatchObject({ type: 'reference', isReadOnly: true });
  });

  it('are not two currencies in one row', async () => {
    const both = { estimatedvalue: { amountMinor: 100, currency: 'EUR' }, actualvalue: { amountMinor: 100, currency: 'USD' } };
    expect(outcomes(await write('deal', newly({ name: 'Order 1', ...both }), newly({ name: 'Order 2' })))).toEqual(['invalid', 'written']);
  });
});

describe('what people do in Dynamics', () => {
  it('gives a deal several contacts, of which each can be taken away, and connecting one alone is told', async () => {
    const contacts: RecordRef[] = [];
    for (let made = 0; made < 3; made += 1) contacts.push({ object: 'contact', id: await idOf('contact', aContact()) });
    const sorted = contacts.toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const [first, second, third] = contacts;
    if (!first || !second || !third) throw new Error('There are three.');
    const deal = await idOf('deal', newly({ name: 'Order 1' }, { associate: [first, second] }));
    const { cursor } = await changesOf('deal', ['name']);
    await world.control.addDynamicsRow(world.orgId, 'connections', { 'record1id_opportunity@odata.bind': `/opportunities(${deal})`, 'record2id_contact@odata.bind': `/contacts(${third.id})` });
    expect([...(await changesOf('deal', ['name'], cursor)).records.keys()]).toContain(deal);
    expect((await read('deal', deal)).associations).toEqual(sorted);
    await write('deal', { target: { id: deal }, fields: {}, dissociate: [first, third] });
    expect((await read('deal', deal)).associations).toEqual([second]);
    await write('deal', { target: { id: deal }, fields: {}, dissociate: [second] });
    expect((await read('deal', deal)).associations).toEqual([]);
  });

  it('may make a contact another contact’s, which names no company', async () => {
    const [parent, child] = [await idOf('contact', aContact()), await idOf('contact', aContact())];
    await world.control.editDynamicsRow(world.orgId, 'contacts', child, { 'parentcustomerid_contact@odata.bind': `/contacts(${parent})` });
    expect((await read('contact', child)).associations).toEqual([]);
  });

  it('decides a deal otherwise than it is said, which is decided anew, in one currency and with its day', async () => {
    const id = await idOf('deal', newly({ name: 'Order 1', estimatedvalue: { amountMinor: 12_935, currency: 'EUR' }, [derivedFields.dealStatus]: 'lost' }));
    const [result] = await write('deal', { target: { id }, fields: { [derivedFields.dealStatus]: 'won', [derivedFields.dealClosedAt]: '2026-11-20T00:00:00.000Z' } });
    expect(result).toMatchObject({ outcome: 'written', created: false, modifiedAt: expect.any(String) });
    expect((await read('deal', id, [derivedFields.dealStatus, derivedFields.dealClosedAt])).fields)
      .toEqual({ [derivedFields.dealStatus]: 'won', [derivedFields.dealClosedAt]: '2026-11-20T00:00:00.000Z' });
  });

  it('deletes a record between the look at it and the write, which concerns no other', async () => {
    const [gone, present] = [await idOf('company', newly({ name: 'Muster' })), await idOf('company', newly({ name: 'Muster' }))];
    await world.person.delete({ object: 'company', id: gone });
    expect(outcomes(await write('company', ...[gone, present].map((id) => ({ target: { id }, fields: { name: 'Beispiel' } }))))).toEqual(['not_found', 'written']);
  });

  it('gives an opportunity another contact, who stays, with the hub’s beside', async () => {
    const [anna, ben] = [await idOf('contact', aContact()), await idOf('contact', aContact())];
    const wanted = newly({ name: 'Order 1' }, { associate: [{ object: 'contact', id: anna }] });
    const id = await idOf('deal', wanted);
    await world.control.editDynamicsRow(world.orgId, 'opportunities', id, { 'parentcontactid@odata.bind': `/contacts(${ben})` });
    for (let times = 0; times < 2; times += 1) await write('deal', wanted);
    expect((await read('deal', id)).associations.map((ref) => ref.id).sort()).toEqual([anna, ben].sort());
    expect((await world.control.dynamicsRows(world.orgId, 'opportunities')).find(({ opportunityid }) => opportunityid === id)).toMatchObject({ _parentcontactid_value: ben });
  });

  it('finds a deal that was made although the answer to it was lost', async () => {
    const wanted = newly({ name: 'Order 2' });
    await world.control.addFault('dynamics', { kind: 'reset', phase: 'after', pathPattern: '^POST .*batch' });
    const before = await world.count('deal');
    await write('deal', wanted);
    expect(await write('deal', wanted)).toMatchObject([{ outcome: 'written', created: false }]);
    expect(await world.count('deal')).toBe(before + 1);
  });

  it('keeps a key from standing in two rows', async () => {
    const key = randomUUID();
    const id = await idOf('contact', { target: { key }, fields: { lastname: 'Muster' } });
    const [other] = await Promise.all([world.control.addDynamicsRow(world.orgId, 'contacts', { emailaddress1: 'twin@example.com' })]);
    const results = await write('contact', { target: { key, adoptBy: [{ field: 'emailaddress1', value: 'twin@example.com' }] }, fields: { firstname: 'Anna' } });
    expect(results).toMatchObject([{ outcome: 'written', id, created: false }]);
    expect(other).toMatchObject({ xdock_externalkey: null });
  });

  it('changes a row in the same moment, which holds back no other and is free soon', async () => {
    const [locked, free] = [await idOf('contact', aContact()), await idOf('contact', aContact())];
    const body = { error: { code: '0x80044150', message: 'Generic SQL error. CRM ErrorCode: -2147204784 Sql ErrorCode: -2146232060 Sql Number: 1205' } };
    await world.control.addFault('dynamics', { kind: 'status', status: 500, body, pathPattern: `^PATCH .*contacts\\(${locked}\\)` });
    const both = [locked, free].map((id) => ({ target: { id }, fields: { firstname: 'Anna' } }));
    expect(outcomes(await write('contact', ...both))).toEqual(['conflict', 'written']);
    expect(outcomes(await write('contact', ...both))).toEqual(['written', 'written']);
  });

  it('has rules against doubles, which hold back no other', async () => {
    const [double, free] = [await idOf('contact', aContact()), await idOf('contact', aContact())];
    const body = { error: { code: '0x80040333', message: 'A record was not created or updated because a duplicate of the current record already exists.' } };
    await world.control.addFault('dynamics', { kind: 'status', status: 412, body, pathPattern: `^PATCH .*contacts\\(${double}\\)` });
    expect(outcomes(await write('contact', ...[double, free].map((id) => ({ target: { id }, fields: { firstname: 'Anna' } }))))).toEqual(['conflict', 'written']);
  });

  it('removes a column, which holds up no reading and no other write', async () => {
    const description = await describeOf('company');
    const id = await idOf('company', newly({ name: 'Muster', websiteurl: 'https://example.com' }));
    const selection = { description, fieldNames: ['name', 'websiteurl'] };
    let page = await world.connector.listChanges(world.connection, selection, undefined, signal);
    while (page.hasMore) page = await world.connector.listChanges(world.connection, selection, page.cursor, signal);
    await world.control.removeDynamicsColumn(world.orgId, 'account', 'websiteurl');
    expect((await world.connector.getByIds(world.connection, selection, [id], signal)).get(id)).toMatchObject({ fields: { name: 'Muster' } });
    const results = await world.connector.write(world.connection, description, [newly({ name: 'A' }), newly({ name: 'B', websiteurl: 'https://example.com' }), newly({ name: 'C' })], signal);
    expect(results.map((result) => (result instanceof Failure ? [result.kind, result.field] : result.outcome))).toEqual(['written', ['invalid', 'websiteurl'], 'written']);
    await expect(world.connector.listChanges(world.connection, selection, page.cursor, signal)).rejects.toMatchObject({ kind: 'cursor_expired' });
    expect((await world.connector.listChanges(world.connection, selection, undefined, signal)).records.map((record) => record.id)).toContain(id);
  });

  it('is told with fields that were chosen after the place in the changes was given', async () => {
    const id = await idOf('contact', aContact());
    const { cursor } = await changesOf('contact', ['lastname']);
    await world.person.edit({ object: 'contact', id }, { mobilephone: '+49301234567' });
    expect((await changesOf('contact', ['lastname', 'mobilephone'], cursor)).records.get(id)).toEqual({ lastname: 'Muster', mobilephone: '+49301234567' });
  });
});
