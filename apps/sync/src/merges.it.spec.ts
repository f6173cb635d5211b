import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrmRef } from '@crossdock/contracts';
import type { CrmAccount } from './crm-account.fixture.ts';
import { contentOf, SyncWorld, type SyncTenant } from './sync-world.fixture.ts';
import type { NewSync } from './syncs/syncs.ts';
import { listLeftOut } from './trouble/left-out.repository.ts';

let world: SyncWorld;
beforeAll(async () => {
  world = await SyncWorld.start();
});
afterAll(() => world.stop());

interface Pair {
  readonly tenant: SyncTenant;
  readonly left: CrmAccount;
  readonly right: CrmAccount;
  /** Anna and Bert: their records on the left, and those on the right. */
  readonly anna: readonly [string, string];
  readonly bert: readonly [string, string];
}

const idsOf = (account: CrmAccount): string[] => account.present('contact').map(({ id }) => id).sort();
const contact = (externalId: string): CrmRef => ({ object: 'contact', externalId });

/** Two people who stand in two accounts; the hub has made them on the left, so that those records keep its keys. */
async function two(changes: Partial<NewSync> = {}): Promise<Pair> {
  const tenant = world.tenant();
  const [left, right] = [await tenant.account(), await tenant.account()];
  const [anna, bert] = ['Anna', 'Bert'].map((lastName) => right.put('contact', { email: `${randomUUID()}@example.com`, lastName }));
  await tenant.sync('contact', { gone: 'archive', ...changes });
  await tenant.atRest();
  const onTheLeft = (name: string): string => left.present('contact').find(({ fields }) => fields['lastName'] === name)?.id ?? '';
  return { tenant, left, right, anna: [onTheLeft('Anna'), anna ?? ''], bert: [onTheLeft('Bert'), bert ?? ''] };
}

/** Lets an account tell of records in this order, and of nothing else that it did. */
async function tell(tenant: SyncTenant, account: CrmAccount, ids: readonly string[]): Promise<void> {
  account.takeNews();
  tenant.tell(account, ids.map(contact));
  await tenant.atRest();
}

describe('two people who are merged into a record of a new id', () => {
  const orders = ['new, first, second', 'new, second, first', 'first, new, second', 'second, new, first', 'first, second, new', 'new', 'first'];
  it.each(orders)('are one in the other account too, who keeps the record of the first there, when the hub is told of: %s', async (order) => {
    const { tenant, left, right, anna, bert } = await two();
    const id = left.merge('contact', anna[0], bert[0], 'into_new');
    await tell(tenant, left, order.split(', ').map((each) => (each === 'new' ? id : each === 'first' ? anna[0] : bert[0])));
    await tell(tenant, left, [id, anna[0], bert[0]]);
    expect([idsOf(left), idsOf(right)]).toEqual([[id], [anna[1]]]);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });

  it('are one also where the second is told to be gone first of all', async () => {
    const { tenant, left, right, anna, bert } = await two();
    const id = left.merge('contact', anna[0], bert[0], 'into_new');
    await tell(tenant, left, [bert[0], anna[0], id]);
    expect(idsOf(left)).toEqual([id]);
    expect([anna[1], bert[1]]).toContain(idsOf(right)[0]);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });

  it('are one who was merged again before anybody heard of the first time', async () => {
    const { tenant, left, right, anna, bert } = await two();
    const carlId = left.put('contact', { email: `${randomUUID()}@example.com`, lastName: 'Carl' });
    await tenant.atRest();
    const once = left.merge('contact', anna[0], bert[0], 'into_new');
    const twice = left.merge('contact', once, carlId, 'into_new');
    await tell(tenant, left, [bert[0], once, twice, carlId, anna[0]]);
    expect([idsOf(left), idsOf(right)]).toEqual([[twice], [anna[1]]]);
  });

  it('are not archived where both accounts have merged them and the record that is left was not read yet', async () => {
    const { tenant, left, right, anna, bert } = await two();
    const id = left.merge('contact', anna[0], bert[0], 'into_new');
    right.merge('contact', anna[1], bert[1]);
    for (const account of [left, right]) account.takeNews();
    tenant.tell(left, [contact(bert[0])]);
    await tenant.step();
    tenant.tell(right, [contact(bert[1])]);
    await tenant.atRest();
    expect([idsOf(left), idsOf(right)]).toEqual([[id], [anna[1]]]);
  });

  it('take over what was changed on the other side meanwhile', async () => {
    const { tenant, left, right, anna, bert } = await two();
    right.put('contact', { phone: '+49151' }, { id: anna[1] });
    left.merge('contact', anna[0], bert[0], 'into_new');
    await tenant.atRest();
    expect(left.present('contact').map(({ fields }) => fields['phone'])).toEqual(['+49151']);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });

  it.each([['archive', 1], ['tombstone', 2], ['ignore', 2]] as const)('leave on the other side what the policy says of what is gone: %s', async (gone, count) => {
    const { tenant, left, right, anna, bert } = await two({ gone });
    left.merge('contact', anna[0], bert[0], 'into_new');
    await tenant.atRest();
    expect([left.present('contact').length, right.present('contact').length]).toEqual([1, count]);
    expect(idsOf(right)).toContain(anna[1]);
    right.put('contact', { phone: '+49151' }, { id: anna[1] });
    await tenant.atRest();
    expect(left.present('contact').map(({ fields }) => fields['phone'])).toEqual(['+49151']);
  });

  it('live on as the second where the first was deleted on the other side before that account heard of the merge', async () => {
    const { tenant, left, right, anna, bert } = await two();
    right.delete('contact', anna[1]);
    const id = left.merge('contact', anna[0], bert[0], 'into_new');
    left.takeNews();
    await tenant.step();
    tenant.tell(left, [id, anna[0], bert[0]].map(contact));
    await tenant.atRest();
    expect([idsOf(left), idsOf(right)]).toEqual([[id], [bert[1]]]);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });

  it('are one although the first was only just made there and nobody had heard of that', async () => {
    const { tenant, left, right, anna } = await two();
    const email = `${randomUUID()}@example.com`;
    right.put('contact', { email, lastName: 'Dora' });
    await tenant.step();
    await tenant.step();
    const dora = left.present('contact').find(({ fields }) => fields['email'] === email)?.id ?? '';
    const id = left.merge('contact', dora, anna[0], 'into_new');
    left.takeNews();
    tenant.tell(left, [dora, id, anna[0]].map(contact));
    // What was told of the merge arrives before the answer to the write that made her.
    for (const pick of [1, 1, 1]) await tenant.step({ pick });
    await tenant.atRest();
    expect([left.present('contact').length, right.present('contact').length]).toEqual([2, 2]);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });
});

describe('two people who are merged on both sides at once', () => {
  it.each([['into the same one', 0, 1], ['crosswise', 1, 0]])('are one on both sides, and nobody is lost: %s', async (_, winner, loser) => {
    for (const first of ['left', 'right'] as const) {
      const { tenant, left, right, anna, bert } = await two();
      const onTheRight = [anna[1], bert[1]];
      left.merge('contact', anna[0], bert[0], 'into_new');
      right.merge('contact', onTheRight[winner] ?? '', onTheRight[loser] ?? '');
      const late = first === 'left' ? right : left;
      const refs = late.takeNews();
      await tenant.step();
      tenant.tell(late, refs);
      await tenant.atRest();
      expect([left.present('contact').length, right.present('contact').length]).toEqual([1, 1]);
      expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
    }
  });
});

describe('two people who are merged into one of them', () => {
  it('are one where that one had not been told before', async () => {
    const { tenant, left, right, anna, bert } = await two();
    const id = left.put('contact', { email: `${randomUUID()}@example.com`, lastName: 'New' });
    left.merge('contact', id, bert[0]);
    await tell(tenant, left, [bert[0]]);
    expect([idsOf(left), idsOf(right)]).toEqual([[anna[0], id].sort(), [anna[1], bert[1]].sort()]);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });

  it('are one where that one had only just been made there and nobody had heard for whom', async () => {
    const { tenant, left, right, anna, bert } = await two();
    const doraId = left.put('contact', { email: `${randomUUID()}@example.com`, lastName: 'Dora' });
    await tenant.step();
    await tenant.step();
    const doraThere = right.present('contact').find(({ fields }) => fields['lastName'] === 'Dora')?.id ?? '';
    right.merge('contact', doraThere, anna[1]);
    right.takeNews();
    tenant.tell(right, [contact(anna[1])]);
    // It arrives before the answer to the write that made her.
    await tenant.step({ pick: 1 });
    await tenant.atRest();
    expect([idsOf(left), idsOf(right)]).toEqual([[bert[0], doraId].sort(), [bert[1], doraThere].sort()]);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });

  it.each([['is read', 1], ['is written once more', 0]])('are one where that one had been made by a service that was killed before it said so, and first %s', async (_, pick) => {
    const { tenant, left, right, anna, bert } = await two();
    const doraId = left.put('contact', { email: `${randomUUID()}@example.com`, lastName: 'Dora' });
    await tenant.step();
    await tenant.step();
    const doraThere = right.present('contact').find(({ fields }) => fields['lastName'] === 'Dora')?.id ?? '';
    right.merge('contact', doraThere, anna[1]);
    right.takeNews();
    await tenant.step({ isLost: true });
    tenant.tell(right, [contact(anna[1])]);
    // What was merged into her is heard of while she is written once more.
    await tenant.step({ pick: 1 });
    for (const _each of [1, 2, 3]) await tenant.step({ pick });
    await tenant.atRest();
    expect([idsOf(left), idsOf(right)]).toEqual([[bert[0], doraId].sort(), [bert[1], doraThere].sort()]);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });

  it('are one of whom deals and companies still know', async () => {
    const { tenant, left, right, anna, bert } = await two();
    left.put('deal', { name: 'A deal', status: 'open' }, { associations: [contact(bert[0])] });
    await tenant.sync('deal');
    await tenant.atRest();
    left.merge('contact', anna[0], bert[0]);
    await tenant.atRest();
    const [deal] = right.present('deal');
    expect(deal?.associations).toEqual([contact(anna[1])]);
    expect(contentOf(left, 'deal')).toEqual(contentOf(right, 'deal'));
  });
});

describe('a person whose address somebody had who is merged by now', () => {
  it('is made beside the record that still has the address, which is kept in step with another', async () => {
    const { tenant, left, right, bert } = await two();
    const email = left.emailOf(bert[0]);
    left.put('contact', { email: `${randomUUID()}@example.com` }, { id: bert[0] });
    left.put('contact', { email, lastName: 'Another' });
    await tenant.atRest();
    expect(right.present('contact')).toHaveLength(3);
    expect(contentOf(left, 'contact')).toEqual(contentOf(right, 'contact'));
  });
});

describe('a person who belongs to two companies after a merge at HubSpot', () => {
  /** Anna of Acme and Bert of Beta; all four stand in both accounts. */
  async function ofTwoCompanies() {
    const tenant = world.tenant();
    const [hubSpot, salesforce] = [await tenant.account('hubspot'), await tenant.account('salesforce')];
    const companyIds = ['acme', 'beta'].map((name) => hubSpot.put('company', { name, domain: `${name}.example` }));
    const [anna = '', bert = ''] = companyIds.map((externalId, index) =>
      hubSpot.put('contact', { email: `${randomUUID()}@example.com`, lastName: `Person ${index}` }, { associations: [{ object: 'company', externalId }] }));
    await tenant.sync('company', { gone: 'archive' });
    const sync = await tenant.sync('contact', { gone: 'archive' });
    await tenant.atRest();
    const mergedId = hubSpot.merge('contact', anna, bert, 'into_new');
    await tenant.atRest();
    const companiesAt = (account: CrmAccount): unknown[] => account.present('contact').flatMap(({ associations }) => associations)
      .map(({ object, externalId }) => account.fieldsOf(object, externalId)['name']).sort();
    return { tenant, sync, hubSpot, salesforce, mergedId, companiesAt };
  }

  it('keeps one of them where an account takes one, and the other one too where it takes both', async () => {
    const { hubSpot, salesforce, companiesAt } = await ofTwoCompanies();
    expect([companiesAt(hubSpot), companiesAt(salesforce)]).toEqual([['acme', 'beta'], ['acme']]);
  });

  it('is listed with the company that is left out where an account takes one', async () => {
    const { tenant, sync, salesforce, companiesAt } = await ofTwoCompanies();
    const [person] = salesforce.present('contact');
    const leftOut = () => tenant.within((manager) => listLeftOut(manager, sync, 10));
    const betaThere = salesforce.present('company').find(({ fields }) => fields['name'] === 'beta')?.id;
    expect(companiesAt(salesforce)).toEqual(['acme']);
    expect(await leftOut()).toMatchObject([{ connectionId: salesforce.connectionId, externalId: person?.id, companies: [{ externalId: betaThere }] }]);
    salesforce.put('contact', {}, { id: person?.id ?? '', associations: [{ object: 'company', externalId: betaThere ?? '' }] });
    await tenant.atRest();
    expect(await leftOut()).toEqual([]);
  });

  it('is written there with whatever else changes', async () => {
    const { tenant, hubSpot, salesforce, mergedId } = await ofTwoCompanies();
    hubSpot.put('contact', { phone: '+49151' }, { id: mergedId });
    await tenant.atRest();
    expect(salesforce.present('contact').map(({ fields }) => fields['phone'])).toEqual(['+49151']);
  });

  it('gets the other one there when the first is taken away', async () => {
    const { tenant, hubSpot, salesforce, mergedId, companiesAt } = await ofTwoCompanies();
    const beta = hubSpot.associationsOf('contact', mergedId).filter(({ externalId }) => hubSpot.fieldsOf('company', externalId)['name'] === 'beta');
    hubSpot.put('contact', {}, { id: mergedId, associations: beta });
    await tenant.atRest();
    expect([companiesAt(hubSpot), companiesAt(salesforce)]).toEqual([['beta'], ['beta']]);
  });

  it('has left the company that somebody replaces where an account takes one', async () => {
    const { tenant, hubSpot, salesforce, companiesAt } = await ofTwoCompanies();
    const [person] = salesforce.present('contact');
    const beta = salesforce.present('company').find(({ fields }) => fields['name'] === 'beta')?.id ?? '';
    salesforce.put('contact', {}, { id: person?.id ?? '', associations: [{ object: 'company', externalId: beta }] });
    await tenant.atRest();
    expect([companiesAt(hubSpot), companiesAt(salesforce)]).toEqual([['beta'], ['beta']]);
  });
});
