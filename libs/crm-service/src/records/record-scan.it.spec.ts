import { Failure } from '@crossdock/contracts';
import { refer } from '@crossdock/crm-connector/toy-connector.fixture';
import { eventually } from '@crossdock/test-stack';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
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
  [service.toy.down, service.toy.pageSize] = [undefined, 3];
});
afterAll(() => service.world.stop(), 60_000);

/** Puts so many contacts there. */
const contacts = (count: number): string[] => Array.from({ length: count }, () => service.put('contact', someContact()));

describe('a complete reading', () => {
  it('tells every contact once, with what is known of it, and says how many they were', async () => {
    const companyId = service.put('company', { name: 'Muster' });
    const ids = Array.from({ length: 20 }, () => service.put('contact', someContact(), { associations: [{ object: 'company', id: companyId }] }));
    const end = await tenant.scan('contact');
    expect(end).toMatchObject({ outcome: 'complete', told: 20 });
    await eventually('all of them', () => tenant.told('contact').length >= 20);
    expect(tenant.told('contact').map(({ source }) => source.externalId).sort()).toEqual([...ids].sort());
    expect(tenant.told('contact')[0]).toMatchObject({
      lastName: 'Muster', scanId: end.scanId, associations: [{ object: 'company', externalId: companyId }],
      known: expect.arrayContaining(['email', 'phone', 'firstName', 'lastName']) as unknown,
    });
  });

  it('tells all of it again when it is asked for again, changed or not', async () => {
    contacts(5);
    const ends = [await tenant.scan('contact'), await tenant.scan('contact')];
    expect(ends).toMatchObject([{ told: 5 }, { told: 5 }]);
    for (const { scanId } of ends) await eventually('five of it', () => tenant.told('contact').filter((told) => told.scanId === scanId).length === 5);
  });

  it('goes on after an outage and tells nothing twice', async () => {
    contacts(60);
    service.toy.pageSize = 1;
    const scanId = await tenant.beginScan('contact');
    await eventually('some of it', () => tenant.told('contact').length > 3);
    service.toy.down = { failure: new Failure('transient', 'The toy rests.'), times: 3 };
    expect(await tenant.endOf(scanId)).toMatchObject({ outcome: 'complete', told: 60 });
    await eventually('all of it', () => tenant.told('contact').length >= 60);
    expect(tenant.told('contact')).toHaveLength(60);
  });

  it('begins anew where the vendor forgets where it stood, and still tells each once', async () => {
    contacts(300);
    service.toy.pageSize = 1;
    const scanId = await tenant.beginScan('contact');
    await eventually('some of it', () => tenant.told('contact').length > 3);
    service.toy.pageSize = 100;
    service.toy.down = { failure: new Failure('cursor_expired', 'The toy forgot.'), times: 1 };
    expect(await tenant.endOf(scanId)).toMatchObject({ outcome: 'complete', told: 300 });
    await eventually('all of it', () => tenant.told('contact').length >= 300);
    expect(tenant.told('contact')).toHaveLength(300);
  });

  it('looks up what it knew and was not listed, and takes nothing else for gone', async () => {
    const [purged = '', ...others] = contacts(7);
    await tenant.scan('contact');
    service.toy.crm.delete(refer({ object: 'contact', id: purged }));
    const end = await tenant.scan('contact');
    expect(end).toMatchObject({ outcome: 'complete', told: 6 });
    await eventually('the lost one', () => tenant.gone(purged).length === 1);
    expect(others.flatMap((id) => tenant.gone(id))).toEqual([]);
  });

  it('says that it broke off and why, and takes nothing for gone', async () => {
    const ids = contacts(4);
    await tenant.scan('contact');
    service.toy.down = { failure: new Failure('invalid', 'The toy does not take that.'), times: 1 };
    expect(await tenant.scan('contact')).toMatchObject({ outcome: 'broken_off', told: 0, message: 'The toy does not take that.' });
    expect(ids.flatMap((id) => tenant.gone(id))).toEqual([]);
  });

  it('ends where it stands when it is not wanted any more, and takes nothing for gone', async () => {
    const ids = contacts(3_000);
    service.toy.pageSize = 1;
    const scanId = await tenant.beginScan('contact');
    await eventually('some of it', () => tenant.told('contact').length > 3);
    await tenant.withdrawScan('contact', scanId);
    expect(await tenant.endOf(scanId)).toMatchObject({ outcome: 'broken_off', message: expect.stringContaining('was cancelled') as unknown });
    const told = tenant.told('contact').length;
    expect(told).toBeLessThan(3_000);
    expect(ids.flatMap((id) => tenant.gone(id))).toEqual([]);
    service.toy.pageSize = 100;
    expect(await tenant.scan('contact')).toMatchObject({ outcome: 'complete', told: 3_000 });
  });

  it('does not begin where it was taken back before it was asked for', async () => {
    contacts(3);
    const scanId = uuid();
    await tenant.withdrawScan('contact', scanId);
    expect(await tenant.endOf(scanId)).toMatchObject({ outcome: 'broken_off', told: 0 });
    await tenant.beginScan('contact', scanId);
    expect(await tenant.scan('contact')).toMatchObject({ outcome: 'complete', told: 3 });
    expect(tenant.told('contact').filter((record) => record.scanId === scanId)).toEqual([]);
  });

  it('gives way to one that is asked for after it', async () => {
    contacts(200);
    service.toy.pageSize = 1;
    const first = await tenant.beginScan('contact');
    await eventually('some of it', () => tenant.told('contact').length > 3);
    const second = await tenant.beginScan('contact');
    expect(await tenant.endOf(first)).toMatchObject({ outcome: 'broken_off' });
    service.toy.pageSize = 100;
    expect(await tenant.endOf(second)).toMatchObject({ outcome: 'complete', told: 200 });
  });

  it('tells a deal with its contacts’ e-mails, for attribution', async () => {
    const contact = someContact();
    const contactId = service.put('contact', contact);
    const dealId = service.put('deal', {
      'name': 'Order 1001', 'amount': { amountMinor: 12_935, currency: 'EUR' }, 'crossdock:status': 'won', 'crossdock:closed_at': '2026-11-20T00:00:00.000Z',
    }, { associations: [{ object: 'contact', id: contactId }], key: 'order/1001' });
    await tenant.scan('deal');
    const [deal] = await tenant.toldTimes('deal', dealId, 1);
    expect(deal).toMatchObject({
      name: 'Order 1001', status: 'won', closedAt: '2026-11-20T00:00:00.000Z', externalKey: 'order/1001', known: expect.arrayContaining(['status', 'closedAt']) as unknown,
      contacts: [{ externalId: contactId, email: contact.email }], associations: [{ object: 'contact', externalId: contactId }],
    });
  });

  it('leaves out a value that has no canonical form, and does not call it empty', async () => {
    const id = service.put('contact', { email: 'not an address', lastName: 'Muster' });
    await tenant.scan('contact');
    const [told] = await tenant.toldTimes('contact', id, 1);
    expect(told).toMatchObject({ lastName: 'Muster' });
    expect(told?.known).not.toContain('email');
  });
});
