import { randomUUID } from 'node:crypto';
import type { CrmObject, FieldValue } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { describe, expect, it } from '@jest/globals';
import { someContact, type RecordTenant } from './record-tenant.fixture.ts';

/** What keeping records in step must come to with every vendor's service, whatever the vendor is like. */
export function describeRecordService(name: string, connectedTenant: () => Promise<RecordTenant>): void {
  describe(`the records of ${name}’s service`, () => {
    const written = async (tenant: RecordTenant, object: CrmObject, fields: Record<string, FieldValue>, more: { externalId?: string; associate?: Array<{ object: CrmObject; externalId: string }> } = {}) => {
      const { externalId, associate } = more;
      const answer = await tenant.answerTo(await tenant.ask(object, {
        kind: 'write', target: externalId === undefined ? { externalKey: randomUUID() } : { externalId }, fields, ...(associate && { associate }),
      }));
      if (answer.outcome !== 'written') throw new Error(`The ${object} was not written: ${JSON.stringify(answer)}`);
      return answer.externalId;
    };

    it('are read completely, and then followed: what is changed and archived is told', async () => {
      const tenant = await connectedTenant();
      const people = [someContact(), someContact(), someContact()];
      const ids = await Promise.all(people.map((person) => written(tenant, 'contact', person)));
      const [changed = '', archived = ''] = ids;
      const found = await eventually('the vendor to list all of them', async () => {
        const end = await tenant.scan('contact');
        return end.told === ids.length && end;
      });
      expect(found).toMatchObject({ outcome: 'complete' });
      await eventually('all of them', () => tenant.told('contact').filter(({ scanId }) => scanId === found.scanId).length === ids.length);
      expect(tenant.told('contact', changed)[0]).toMatchObject({ ...people[0], known: expect.arrayContaining(['email', 'lastName']) as unknown });

      await tenant.follow('contact');
      await written(tenant, 'contact', { lastName: 'Beispiel' }, { externalId: changed });
      await tenant.answerTo(await tenant.ask('contact', { kind: 'archive', externalId: archived }));
      await eventually('the change', async () => {
        await tenant.poll('contact');
        return tenant.told('contact', changed).some((told) => 'lastName' in told && told.lastName === 'Beispiel');
      });
      await eventually('the archived one', async () => {
        await tenant.poll('contact');
        return tenant.gone(archived).length > 0;
      });
      expect(tenant.gone(archived)).toMatchObject([{ gone: 'archived' }]);
    }, 60_000);

    it('of a deal are told with the contacts that it names and their e-mails, when it was touched', async () => {
      const tenant = await connectedTenant();
      const person = someContact();
      const contactId = await written(tenant, 'contact', person);
      const dealId = await written(tenant, 'deal', { name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' } }, { associate: [{ object: 'contact', externalId: contactId }] });
      const told = await eventually('the deal with its contact', async () => {
        await tenant.touch('deal', dealId);
        return tenant.told('deal', dealId).find((deal) => deal.associations?.some(({ object }) => object === 'contact'));
      });
      expect(told).toMatchObject({
        name: 'Order 1001', status: 'open', amount: { amountMinor: 12_935, currency: 'EUR' }, contacts: [{ externalId: contactId, email: person.email }],
        known: expect.arrayContaining(['name', 'status', 'amount']) as unknown,
      });
    }, 60_000);

    it('take an order’s customer, company and deal in one request, and none of them twice', async () => {
      const tenant = await connectedTenant();
      const [company, person] = [{ name: `Muster ${randomUUID()}`, country: 'DE' }, someContact()];
      const known = await written(tenant, 'contact', person);
      const ask = async (contact: { email?: string; phone?: string; lastName?: string }) => {
        const requestId = randomUUID();
        await tenant.shop.ask({
          object: 'deal', externalKey: randomUUID(), contactIds: [], contact, company,
          fields: { name: 'Order 1001', status: 'open', amount: { amountMinor: 0, currency: 'EUR' }, lineItems: '2 × Cocoa, 0.00 EUR each, 0.00 EUR\n1 × Tea, 0.00 EUR', orderSource: 'shop.example.com' },
        }, { requestId });
        return eventually('the answer', () => tenant.shop.answersTo(requestId)[0]);
      };
      const first = await ask({ email: person.email.toUpperCase(), lastName: 'Beispiel' });
      expect(first).toMatchObject({
        object: 'deal', result: { outcome: 'upserted', created: true }, contact: { outcome: 'upserted', crmId: known, created: false }, company: { outcome: 'upserted', created: true },
      });
      const companyId = first.company?.outcome === 'upserted' ? first.company.crmId : '';
      const guest = await ask({ phone: '+4930901820', lastName: 'Gast' });
      expect(guest).toMatchObject({ contact: { outcome: 'upserted', created: true }, company: { outcome: 'upserted', crmId: companyId, created: false } });
      const guestId = guest.contact?.outcome === 'upserted' ? guest.contact.crmId : '';
      const told = await eventually('the guest’s deal with all that it names', async () => {
        const dealId = guest.result.outcome === 'upserted' ? guest.result.crmId : '';
        await tenant.touch('deal', dealId);
        return tenant.told('deal', dealId).find((deal) => deal.associations?.length === 2);
      });
      expect(told).toMatchObject({ associations: [{ object: 'company', externalId: companyId }, { object: 'contact', externalId: guestId }], amount: { amountMinor: 0, currency: 'EUR' } });
      // What the shop alone knows is written and not read.
      for (const field of ['lineItems', 'orderSource']) expect(told).not.toHaveProperty(field);
    }, 60_000);
  });
}
