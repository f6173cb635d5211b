import { randomUUID } from 'node:crypto';
import { Failure, type FieldValue } from '@crossdock/contracts';
import { refer } from '@crossdock/crm-connector/toy-connector.fixture';
import { eventually } from '@crossdock/test-stack';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { someContact, type RecordTenant } from './record-tenant.fixture.ts';
import { ToyService } from './toy-service.fixture.ts';

let service: ToyService;
let tenant: RecordTenant;

beforeAll(async () => {
  service = await ToyService.start();
});
beforeEach(async () => {
  service.toy.crm.clear();
  tenant = await service.tenant();
});
afterEach(() => {
  service.toy.down = undefined;
});
afterAll(() => service.world.stop(), 60_000);

const write = (target: { externalId: string } | { externalKey: string; adoptBy?: { field: 'email'; value: string } }, fields: Record<string, FieldValue>) =>
  tenant.ask('contact', { kind: 'write', target, fields });

describe('a requested write', () => {
  it('makes a record under its key, changes it, and says which fields the account keeps', async () => {
    const externalKey = randomUUID();
    const made = await tenant.answerTo(await write({ externalKey }, { ...someContact(), shoeSize: '42' }));
    expect(made).toMatchObject({ outcome: 'written', created: true, kept: ['email', 'lastName'] });
    const externalId = made.outcome === 'written' ? made.externalId : '';
    expect(await tenant.answerTo(await write({ externalId }, { phone: '+4930123' }))).toEqual({ outcome: 'written', externalId, created: false, kept: ['phone'] });
    expect(await tenant.answerTo(await write({ externalKey }, { lastName: null }))).toMatchObject({ outcome: 'written', externalId, created: false });
    expect(service.toy.crm.get(refer({ object: 'contact', id: externalId }))).toMatchObject({ key: externalKey, fields: { phone: '+4930123', lastName: null } });
  });

  it('adopts a record that a person made', async () => {
    const contact = someContact();
    const id = service.put('contact', contact);
    const answer = await tenant.answerTo(await write({ externalKey: randomUUID(), adoptBy: { field: 'email', value: contact.email } }, { firstName: 'Anna' }));
    expect(answer).toMatchObject({ outcome: 'written', externalId: id, created: false });
  });

  it('refuses a record of which one value does not fit, with the name of its field, and writes the others', async () => {
    const [long, ...fitting] = await Promise.all([
      write({ externalKey: randomUUID() }, { ...someContact(), lastName: 'x'.repeat(51) }), write({ externalKey: randomUUID() }, someContact()), write({ externalKey: randomUUID() }, someContact()),
    ]);
    expect(await tenant.answerTo(long)).toMatchObject({ outcome: 'refused', kind: 'invalid', field: 'lastName' });
    for (const request of fitting) expect(await tenant.answerTo(request)).toMatchObject({ outcome: 'written' });
  });

  it('says that a record is not there any more, and that it is gone', async () => {
    const id = service.put('contact', someContact());
    service.remove({ object: 'contact', id });
    expect(await tenant.answerTo(await write({ externalId: id }, { firstName: 'Anna' }))).toMatchObject({ outcome: 'refused', kind: 'not_found' });
    await eventually('it to be gone', () => tenant.gone(id).length === 1);
  });

  it('associates records and takes that back', async () => {
    const companyId = service.put('company', { name: 'Muster' });
    const id = service.put('contact', someContact());
    const company = [{ object: 'company' as const, externalId: companyId }];
    const associationsOf = () => service.toy.crm.get(refer({ object: 'contact', id }))?.associations;
    await tenant.answerTo(await tenant.ask('contact', { kind: 'write', target: { externalId: id }, fields: {}, associate: company }));
    expect(associationsOf()).toEqual([{ object: 'company', id: companyId }]);
    await tenant.answerTo(await tenant.ask('contact', { kind: 'write', target: { externalId: id }, fields: {}, dissociate: company }));
    expect(associationsOf()).toEqual([]);
  });

  it('archives a record, once more as well', async () => {
    const id = service.put('contact', someContact());
    for (const _ of ['first', 'again']) {
      expect(await tenant.answerTo(await tenant.ask('contact', { kind: 'archive', externalId: id }))).toEqual({ outcome: 'archived' });
    }
    expect(service.toy.crm.get(refer({ object: 'contact', id }))?.gone).toMatchObject({ gone: 'archived' });
  });

  it('is tried again after an outage, and keeps the order of one record', async () => {
    const id = service.put('contact', someContact());
    service.toy.down = { failure: new Failure('transient', 'The toy rests.'), times: 2 };
    const requests: string[] = [];
    for (const firstName of ['Anna', 'Ben', 'Clara']) {
      requests.push(await tenant.ask('contact', { kind: 'write', target: { externalId: id }, fields: { firstName } }, id));
    }
    for (const request of requests) expect(await tenant.answerTo(request)).toMatchObject({ outcome: 'written' });
    expect(service.toy.crm.get(refer({ object: 'contact', id }))?.fields).toMatchObject({ firstName: 'Clara' });
  });
});

describe('a wanted record', () => {
  it('is told in any case, and that it is gone where it is not there', async () => {
    const id = service.put('contact', someContact());
    await tenant.want('contact', id);
    await tenant.toldTimes('contact', id, 1);
    await tenant.want('contact', id, 'nobody');
    await tenant.toldTimes('contact', id, 2);
    await eventually('what is not there', () => tenant.gone('nobody').length === 1);
  });
});
