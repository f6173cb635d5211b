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
  hubSpot: { email: 'email', firstName: 'firstname', lastName: 'lastname', phone: 'phone' },
  salesforce: { email: 'Email', firstName: 'FirstName', lastName: 'LastName', phone: 'Phone' },
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
      if (done.side === 'hubSpot') await hubSpot.merge('contact', id, other);
      else await salesforce.mergeContacts(id, other);
      return true;
    }
  }
}

/** At HubSpot a further company, at Salesforce another one. */
async function join({ hubSpot, salesforce }: TenantOfTwo, where: (typeof sideNames)[number], contactId: string, nth: number): Promise<boolean> {
  if (where === 'salesforce') {
    const companies = await salesforce.records('company');
    await salesforce.edit('contact', contactId, { AccountId: companies[nth % companies.length]?.['Id'] });
    return true;
  }
  const companies = await hubSpot.records('company');
  const company = companies[nth % companies.length];
  if (!company) return false;
  await hubSpot.associate('contact', contactId, 'company', company.id);
  return true;
}

interface Person {
  readonly text: string;
  readonly companies: readonly string[];
}

/** All people that each account holds, in one form for both. Salesforce takes one company of a person: of those at HubSpot that one alone counts. */
export async function peopleOf({ hubSpot, salesforce }: TenantOfTwo): Promise<{ readonly hubSpot: string[]; readonly salesforce: string[] }> {
  const nameOf = new Map<unknown, string>([
    ...(await hubSpot.records('company')).map(({ id, properties }): [unknown, string] => [id, String(properties['name'])]),
    ...(await salesforce.records('company')).map((record): [unknown, string] => [record['Id'], String(record['Name'])]),
  ]);
  const namesOf = (ids: readonly unknown[]): string[] => ids.flatMap((id) => nameOf.get(id) ?? []);
  const atHubSpot = await Promise.all((await hubSpot.records('contact')).map(async ({ id, properties }) =>
    ({ text: textOf(properties, fieldOf.hubSpot), companies: namesOf(await hubSpot.companiesOf(id)) })));
  const atSalesforce = (await salesforce.records('contact')).map((record) =>
    ({ text: textOf(record, fieldOf.salesforce), companies: namesOf([record['AccountId']]) })).sort(byText);
  const reduced = atHubSpot.sort(byText).map(({ text, companies }, index) => {
    const [company = ''] = atSalesforce[index]?.companies ?? [];
    return { text, companies: companies.includes(company) ? [company] : companies };
  });
  const shown = (people: readonly Person[]): string[] => people.map((person) => JSON.stringify(person));
  return { hubSpot: shown(reduced), salesforce: shown(atSalesforce) };
}

function textOf(values: Readonly<Record<string, unknown>>, { email, firstName, lastName, phone }: (typeof fieldOf)[keyof typeof fieldOf]): string {
  return JSON.stringify([email, firstName, lastName, phone].map((name) => values[name] ?? ''));
}

function byText(one: Person, other: Person): number {
  return one.text.localeCompare(other.text);
}
