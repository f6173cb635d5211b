import { randomUUID } from 'node:crypto';
import { readMappingDrift } from '@crossdock/connections';
import type { FieldDescription } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MappedToy } from './mapped-toy.fixture.ts';

let toy: MappedToy;

beforeAll(async () => {
  toy = await MappedToy.start();
});

afterEach(() => toy.toy.changeContacts((fields) => fields));

afterAll(() => toy.stop(), 60_000);

const field = (name: string, more: Partial<FieldDescription> = {}): FieldDescription =>
  ({ name, label: name, type: 'text', isCustom: true, isReadOnly: false, isRequired: false, ...more });
const region = field('Region', { type: 'picklist', options: ['North', 'South'].map((value) => ({ value, label: value, isActive: true })) });
const withRegion = (fields: FieldDescription[]) => [...fields, region];
const regionRule = { canonical: 'region', field: 'Region', values: { n: 'North' } };

describe('the mapping of an account', () => {
  it('is the defaults until somebody saves another', async () => {
    const { call } = await toy.administrator();
    expect(await call('GET', 'mappings/contact')).toMatchObject({
      status: 200,
      body: { object: 'contact', version: 0, off: [], drift: [], versions: [], fields: expect.arrayContaining([{ canonical: 'email', field: 'email', direction: 'both', origin: 'default' }]) as unknown },
    });
    expect((await call('GET', 'mappings/deal')).body).toMatchObject({
      hubFields: expect.arrayContaining([{ name: 'name', type: 'text', isRequired: true }, { name: 'status', type: 'choice', isRequired: true, choices: ['open', 'won', 'lost'] }]) as unknown,
    });
    expect((await call('GET', 'schema/contact')).body).toMatchObject({ object: 'contact', fields: expect.arrayContaining([expect.objectContaining({ name: 'email' })]) as unknown });
  });

  it('is checked and saved in versions, and an old one can be made to hold again', async () => {
    toy.toy.changeContacts(withRegion);
    const { call, save, rollBack } = await toy.administrator();
    expect(await call('POST', 'mappings/contact/check', { fields: [regionRule], off: ['country'] })).toMatchObject({ status: 200, body: { problems: expect.not.arrayContaining([expect.objectContaining({ severity: 'error' })]) as unknown } });
    expect((await call('GET', 'mappings/contact')).body).toMatchObject({ version: 0 });
    expect(await save({ fields: [regionRule], off: ['country'] })).toMatchObject({ status: 200, body: { outcome: 'saved', mapping: { version: 1, off: ['country'], versions: [{ version: 1, savedBy: 'a-client', isActive: true }] } } });
    await save({ off: ['phone'] });
    const { body } = await rollBack(1);
    expect(body).toMatchObject({ outcome: 'saved', mapping: { version: 1, versions: [{ version: 2, isActive: false }, { version: 1, isActive: true }], fields: expect.arrayContaining([{ ...regionRule, direction: 'both', origin: 'own' }]) as unknown } });
    expect((await rollBack(0)).body).toMatchObject({ mapping: { version: 0, off: [] } });
    expect((await save({})).body).toMatchObject({ mapping: { version: 3 } });
    expect(await rollBack(9)).toMatchObject({ status: 404 });
  });

  it('is told in versions with what each said, page by page, also where an old one holds', async () => {
    toy.toy.changeContacts(withRegion);
    const { call, save, rollBack } = await toy.administrator();
    expect((await call('GET', 'mappings/contact/versions')).body).toEqual({ items: [] });
    await save({ fields: [regionRule], off: ['country'] });
    await save({ off: ['phone'] });
    await save({});
    await rollBack(2);
    const { body } = await call('GET', 'mappings/contact/versions?limit=2');
    expect(body).toMatchObject({ items: [{ version: 3, isActive: false, fields: [], off: [] }, { version: 2, savedBy: 'a-client', isActive: true, fields: [], off: ['phone'] }], nextCursor: '2' });
    expect((await call('GET', 'mappings/contact/versions?cursor=2')).body).toEqual({ items: [expect.objectContaining({ version: 1, isActive: false, fields: [{ ...regionRule, direction: 'both' }], off: ['country'] })] });
  });

  it('is changed by the first of several administrators at once, and the others are told that they have not seen what holds', async () => {
    const { call, save, rollBack } = await toy.administrator();
    const answers = await Promise.all(['phone', 'country', 'email', 'firstName'].map((canonical) => save({ off: [canonical] }, 0)));
    expect(answers.map(({ body }) => body['outcome']).sort()).toEqual(['overtaken', 'overtaken', 'overtaken', 'saved']);
    expect((await call('GET', 'mappings/contact')).body).toMatchObject({ version: 1, versions: [{ version: 1, isActive: true }] });
    expect((await save({}, 0)).body).toEqual({ outcome: 'overtaken', version: 1 });
    expect((await rollBack(0, 0)).body).toEqual({ outcome: 'overtaken', version: 1 });
    expect((await save({}, 1)).body).toMatchObject({ outcome: 'saved', mapping: { version: 2 } });
  });

  it('is not saved with an error, which says what to do', async () => {
    const { call, save } = await toy.administrator();
    expect(await save({ fields: [{ canonical: 'nickname', field: 'frstName' }] })).toMatchObject({
      status: 200, body: { outcome: 'refused', problems: expect.arrayContaining([expect.objectContaining({ severity: 'error', code: 'unknown_field', canonical: 'nickname', remedy: 'Did you mean firstName or lastName?' })]) as unknown },
    });
    expect((await call('GET', 'mappings/contact')).body).toMatchObject({ version: 0, versions: [] });
    expect(await save({ fields: [{ canonical: 'Nick Name', field: 'x' }] })).toMatchObject({ status: 422 });
  });

  it('is tried on records that are there, and changes none', async () => {
    toy.toy.changeContacts(withRegion);
    const { call } = await toy.administrator();
    const id = toy.service.put('contact', { email: 'a@example.com', phone: '030 1234', Region: 'North', lastName: 'Muster' });
    const before = JSON.stringify([...toy.toy.crm]);
    const { body } = await call('POST', 'mappings/contact/try', { ids: [id, 'nobody'], rules: { fields: [regionRule, { canonical: 'lastName', field: 'lastName', direction: 'in' }] } });
    expect(body).toMatchObject({ records: [{ id, outcome: 'read' }, { id: 'nobody', outcome: 'not_found', fields: [] }] });
    expect(body['records']).toMatchObject([{
      fields: expect.arrayContaining([
        { canonical: 'email', field: 'email', atCrm: 'a@example.com', before: 'a@example.com', after: 'a@example.com', wouldWrite: 'a@example.com' },
        { canonical: 'phone', field: 'phone', atCrm: '030 1234', problem: expect.stringContaining('begin it with +') as unknown },
        { canonical: 'region', field: 'Region', atCrm: 'North', after: 'n', wouldWrite: 'North' },
        { canonical: 'lastName', field: 'lastName', atCrm: 'Muster', before: 'Muster', after: 'Muster' },
      ]) as unknown,
    }, {}]);
    expect(JSON.stringify([...toy.toy.crm])).toBe(before);
    expect((await call('GET', 'mappings/contact')).body).toMatchObject({ version: 0 });
  });

  it('holds at once for what is read and written, and has what is followed read anew', async () => {
    toy.toy.changeContacts(withRegion);
    const { tenant, save } = await toy.administrator();
    const id = toy.service.put('contact', { email: `${randomUUID()}@example.com`, lastName: 'Muster', Region: 'North' });
    await tenant.follow('contact');
    await tenant.scan('contact');
    await tenant.toldTimes('contact', id, 1);
    await save({ fields: [regionRule], off: ['lastName'] });
    const [, told] = await tenant.toldTimes('contact', id, 2);
    expect(told).toMatchObject({ custom: { region: 'n' }, known: expect.arrayContaining(['region', 'email']) as unknown });
    expect(told).not.toHaveProperty('lastName');
    const answer = await tenant.answerTo(await tenant.ask('contact', { kind: 'write', target: { externalId: id }, fields: { region: 'South', lastName: 'Beispiel' } }));
    expect(answer).toMatchObject({ outcome: 'written', kept: ['region'] });
    expect(toy.toy.crm.get(`contact/${id}`)?.fields).toMatchObject({ Region: 'South', lastName: 'Muster' });
  });

  it('that is saved while all records are read has the reading begin anew by it, which tells of each in the end by that one mapping', async () => {
    toy.toy.changeContacts(withRegion);
    const { tenant, save } = await toy.administrator();
    const ids = Array.from({ length: 80 }, () => toy.service.put('contact', { email: `${randomUUID()}@example.com`, lastName: 'Muster', Region: 'North' }));
    toy.toy.pageSize = 1;
    const scanId = await tenant.beginScan('contact');
    await eventually('some of it', () => tenant.told('contact').length > 3);
    await save({ fields: [regionRule] });
    toy.toy.pageSize = 100;
    expect(await tenant.endOf(scanId)).toMatchObject({ outcome: 'complete' });
    const lastTold = await eventually('all of them by the new one', () => {
      const last = ids.map((id) => tenant.told('contact', id).at(-1));
      return last.every((told) => told?.custom?.['region'] === 'n') && last;
    });
    expect(new Set(lastTold.map((told) => told?.scanId))).toEqual(new Set([scanId]));
    toy.toy.pageSize = 3;
  });

  it('is nobody else’s', async () => {
    const [{ call, save }, stranger] = [await toy.administrator(), randomUUID()];
    await save({ off: ['phone'] });
    for (const [method, path, body] of [['GET', 'mappings/contact'], ['GET', 'mappings/contact/versions'], ['GET', 'schema/contact'], ['PUT', 'mappings/contact', { rules: {}, savedBy: 'x', seen: 0 }], ['POST', 'mappings/contact/roll-back', { version: 0, seen: 0 }]] as const) {
      expect([path, (await call(method, path, body, stranger)).status]).toEqual([path, 404]);
    }
    expect((await call('GET', 'mappings/contact')).body).toMatchObject({ version: 1 });
  });
});

describe('the daily look at an account', () => {
  /** Today's look is forgotten, and due. */
  const due = async () => {
    await toy.service.world.admin.query(`DELETE FROM schedule_firing WHERE name = 'crm-schema-check'`);
    await toy.service.world.admin.query(`UPDATE schedule SET next_at = now() WHERE name = 'crm-schema-check'`);
  };

  it('warns of what has changed since the mapping was saved, until that is undone or the mapping is saved anew', async () => {
    toy.toy.changeContacts(withRegion);
    const { call, save, tenant: { shop } } = await toy.administrator();
    await save({ fields: [regionRule] });
    const onConnection = () => toy.service.world.tenants.transaction(shop.tenantId, (manager) => readMappingDrift(manager, shop.connection.id));
    const driftOf = async () => (await call('GET', 'mappings/contact')).body['drift'];
    const drifted = (codes: string[]) => eventually(`the drift ${codes.join()}`, async () => {
      await due();
      const drift = await driftOf();
      return Array.isArray(drift) && drift.map((each: { code: string }) => each.code).join() === codes.join() && drift;
    });
    toy.toy.changeContacts((fields) => fields.filter(({ name }) => name !== 'phone'));
    expect(await drifted(['field_removed', 'field_removed'])).toMatchObject([
      { severity: 'warning', canonical: 'phone', field: 'phone', message: expect.stringContaining('no longer has phone') as unknown },
      { severity: 'warning', canonical: 'region', field: 'Region' },
    ]);
    expect(await onConnection()).toEqual({ contact: 2 });
    toy.toy.changeContacts((fields) => [...fields, { ...region, options: region.options?.slice(1) ?? [] }]);
    await drifted(['option_removed']);
    toy.toy.changeContacts(withRegion);
    await drifted([]);
    toy.toy.changeContacts((fields) => fields.map((each) => (each.name === 'lastName' ? { ...each, isReadOnly: true } : each)).concat(region));
    await drifted(['became_read_only']);
    await save({ fields: [regionRule] });
    expect([await driftOf(), await onConnection()]).toEqual([[], {}]);
  });
});
