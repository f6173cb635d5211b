import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Delivery } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import type { TenantOfTwo } from './two-crms.fixture.ts';

const sideNames = ['hubSpot', 'salesforce'] as const;
const side = fc.constantFrom(...sideNames);
const pick = fc.nat();

/** What a person does in one of the CRMs, or what goes wrong. */
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('add' as const), side }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const), side, pick, field: fc.constantFrom('firstName' as const, 'lastName' as const, 'phone' as const), value: fc.nat({ max: 999 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('join' as const), side, pick, company: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), side, pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), side, pick, other: pick }) },
);
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Steps in their order, and what becomes of each webhook on its way. */
export const history = (steps: number) => fc.record({
  steps: fc.array(step, { minLength: steps, maxLength: steps }),
  deliveries: fc.array(fc.constantFrom<Delivery>('once', 'once', 'once', 'twice', 'never', 'after_next'), { minLength: 10, maxLength: 50 }),
});

const fieldOf = {
  hubSpot: { firstName: 'firstname', lastName: 'lastname', phone: 'phone' },
  salesforce: { firstName: 'FirstName', lastName: 'LastName', phone: 'Phone' },
} as const;

/** @returns whether there was something to do it with. */
export async function live(tenant: TenantOfTwo, done: Step): Promise<boolean> {
  const { hubSpot, salesforce } = tenant;
  if (done.kind === 'add') {
    const email = `${randomUUID()}@example.com`;
    if (done.side === 'hubSpot') await hubSpot.add('contact', { email, lastname: 'New' });
    else await salesforce.add('contact', { Email: email, LastName: 'New' });
    return true;
  }
  const ids = done.side === 'hubSpot' ? (await hubSpot.records('contact')).map(({ id }) => id) : (await salesforce.records('contact')).map((record) => String(record['Id']));
  const id = ids[done.pick % Math.max(1, ids.length)];
  if (id === undefined) return false;
  switch (done.kind) {
    case 'edit': {
      const value = done.field === 'phone' ? `+4930${1_000_000 + done.value}` : `Name ${done.value}`;
      await tenant[done.side].edit('contact', id, { [fieldOf[done.side][done.field]]: value });
      return true;
    }
    case 'join':
      return join(tenant, done.side, id, done.company);
    case 'delete':
      await tenant[done.side].delete('contact', id);
      return true;
    case 'merge': {
      const other = ids[done.other % ids.length];
      if (other === undefined || other === id) return false;
      if (done.side === 'hubSpot') {
        const companies = (await hubSpot.records('contact')).filter((record) => record.id === id || record.id === other).map(({ properties }) => properties['associatedcompanyid']);
        // Both companies would be his, and Salesforce takes one.
        if (new Set(companies.filter(Boolean)).size > 1) return false;
        await hubSpot.merge('contact', id, other);
      } else await salesforce.mergeContacts(id, other);
      return true;
    }
  }
}

/** Salesforce knows one company of a person: at HubSpot nobody gets a second one. */
async function join({ hubSpot, salesforce }: TenantOfTwo, where: (typeof sideNames)[number], contactId: string, nth: number): Promise<boolean> {
  if (where === 'salesforce') {
    const companies = await salesforce.records('company');
    await salesforce.edit('contact', contactId, { AccountId: companies[nth % companies.length]?.['Id'] });
    return true;
  }
  const [contact, companies] = [await hubSpot.find('contact', 'hs_object_id', contactId), await hubSpot.records('company')];
  const company = companies[nth % companies.length];
  if (!company || contact?.properties['associatedcompanyid']) return false;
  await hubSpot.associate('contact', contactId, 'company', company.id);
  return true;
}

/** All people that an account holds, in one form for both. */
export async function peopleOf(tenant: TenantOfTwo, where: (typeof sideNames)[number]): Promise<string[]> {
  const { firstName, lastName, phone } = fieldOf[where];
  const companies = where === 'hubSpot'
    ? new Map((await tenant.hubSpot.records('company')).map(({ id, properties }): [unknown, unknown] => [id, properties['name']]))
    : new Map((await tenant.salesforce.records('company')).map((record): [unknown, unknown] => [record['Id'], record['Name']]));
  const records = where === 'hubSpot'
    ? (await tenant.hubSpot.records('contact')).map(({ properties }): Record<string, unknown> => properties)
    : await tenant.salesforce.records('contact');
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return records.map((record) => JSON.stringify({
    email: text(record['email'] ?? record['Email']), firstName: text(record[firstName]), lastName: text(record[lastName]), phone: text(record[phone]),
    company: text(companies.get(record['associatedcompanyid'] ?? record['AccountId'])),
  })).sort();
}
