import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { CrmObject } from '@crossdock/contracts';
import type { CrmAccount } from './crm-account.fixture.ts';
import type { SyncTenant } from './sync-world.fixture.ts';

const side = fc.constantFrom(0, 1);
const which = fc.nat(9);
const object = fc.constantFrom<CrmObject>('contact', 'contact', 'contact', 'contact', 'contact', 'contact', 'company', 'deal');

/** What people do in one of two accounts, and what becomes of what is under way. */
export const actArbitrary = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constant('create' as const), side, object, person: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('edit' as const), side, which, field: fc.constantFrom('lastName', 'phone', 'firstName'), value: fc.constantFrom('a', 'b', 'c', null) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete' as const), side, object, which }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('merge' as const), side, object: fc.constantFrom<CrmObject>('contact', 'contact', 'company'), winner: which, loser: which }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('associate' as const, 'dissociate' as const), side, from: fc.constantFrom<CrmObject>('contact', 'deal'), which, to: fc.constantFrom<CrmObject>('contact', 'company'), other: which }) },
  { weight: 9, arbitrary: fc.record({ act: fc.constant('arrive' as const), pick: fc.nat(30), isRepeated: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lose' as const), pick: fc.nat(30) }) },
);
export type Act = typeof actArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/** Lets two accounts live through acts: the first one merges into a record of a new id, the second one into one of the two. */
export class AccountHistory {
  readonly counts = { acts: 0, merges: 0, deletes: 0, edits: 0, repeats: 0, lost: 0 };
  readonly #emails = Array.from({ length: 6 }, () => `${randomUUID()}@example.com`);
  readonly #accounts: readonly [CrmAccount, CrmAccount];
  readonly #tenant: SyncTenant;
  /** Which persons have become one. */
  readonly #merged = new Map<string, string>();
  readonly #deleted = new Set<string>();
  readonly #born = new Set<string>();

  constructor(tenant: SyncTenant, accounts: readonly [CrmAccount, CrmAccount]) {
    this.#tenant = tenant;
    this.#accounts = accounts;
  }

  /** People, a company and a deal that are there from the start. */
  begin(): void {
    for (const person of [0, 1, 2, 3]) this.#create({ act: 'create', side: person < 2 ? 0 : 1, object: 'contact', person });
    for (const person of [0, 1] as const) this.#create({ act: 'create', side: person, object: 'company', person });
    this.#create({ act: 'create', side: 1, object: 'deal', person: 0 });
  }

  async live(act: Act): Promise<void> {
    this.counts.acts += 1;
    switch (act.act) {
      case 'create': return this.#create(act);
      case 'edit': return this.#edit(act);
      case 'delete': return this.#delete(act);
      case 'merge': return this.#merge(act);
      case 'associate': case 'dissociate': return this.#associate(act);
      case 'arrive':
        this.counts.repeats += Number(await this.#tenant.step({ pick: act.pick, isRepeated: act.isRepeated }) && act.isRepeated);
        return;
      case 'lose':
        this.counts.lost += Number(await this.#tenant.step({ pick: act.pick, isLost: true }));
    }
  }

  /** E-mails of people whom nobody has deleted, each with those who have become one with them. */
  get undeleted(): string[][] {
    const groups = Map.groupBy(this.#born, (email) => this.#rootOf(email));
    const deleted = new Set([...this.#deleted].map((email) => this.#rootOf(email)));
    return [...groups].filter(([root]) => !deleted.has(root)).map(([, emails]) => emails);
  }

  #create({ side: index, object: what, person }: Extract<Act, { act: 'create' }>): void {
    const account = this.#account(index);
    if (what === 'contact') {
      const email = this.#emails[person] ?? '';
      // A CRM keeps an e-mail once; a record that was made of others keeps theirs too.
      const emailsOf = ({ id, mergedFrom = [] }: ReturnType<CrmAccount['present']>[number]) => [id, ...mergedFrom].map((each) => account.fieldsOf('contact', each)['email']);
      if (account.present('contact').some((record) => emailsOf(record).includes(email))) return;
      account.put('contact', { email, lastName: 'Muster' });
      this.#born.add(email);
    } else if (what === 'company') {
      if (!account.present('company').some(({ fields }) => fields['domain'] === `${person}.example`)) account.put('company', { name: `Company ${person}`, domain: `${person}.example` });
    } else {
      account.put('deal', { name: `Deal ${randomUUID()}`, status: 'open' });
    }
  }

  #edit({ side: index, which: nth, field, value }: Extract<Act, { act: 'edit' }>): void {
    const id = this.#chosen(index, 'contact', nth);
    if (id === undefined) return;
    this.#account(index).put('contact', { [field]: value }, { id });
    this.counts.edits += 1;
  }

  #delete({ side: index, object: what, which: nth }: Extract<Act, { act: 'delete' }>): void {
    const id = this.#chosen(index, what, nth);
    if (id === undefined) return;
    if (what === 'contact') this.#deleted.add(this.#emailOf(index, id));
    this.#account(index).delete(what, id);
    this.counts.deletes += 1;
  }

  #merge({ side: index, object: what, winner: first, loser: second }: Extract<Act, { act: 'merge' }>): void {
    const [winner, loser] = [this.#chosen(index, what, first), this.#chosen(index, what, second)];
    if (winner === undefined || loser === undefined || winner === loser) return;
    if (what === 'contact') this.#merged.set(this.#rootOf(this.#emailOf(index, loser)), this.#rootOf(this.#emailOf(index, winner)));
    this.#account(index).merge(what, winner, loser, index === 0 ? 'into_new' : 'into_one');
    this.counts.merges += 1;
  }

  #associate({ act, side: index, from, which: nth, to, other }: Extract<Act, { act: 'associate' | 'dissociate' }>): void {
    const [id, otherId] = [this.#chosen(index, from, nth), this.#chosen(index, to, other)];
    if (id === undefined || otherId === undefined || from === to) return;
    const kept = this.#account(index).associationsOf(from, id).filter(({ externalId }) => externalId !== otherId);
    this.#account(index).put(from, {}, { id, associations: act === 'associate' ? [{ object: to, externalId: otherId }, ...kept] : kept });
  }

  #rootOf(email: string): string {
    const into = this.#merged.get(email);
    return into === undefined || into === email ? email : this.#rootOf(into);
  }

  #account(index: number): CrmAccount {
    return this.#accounts[index === 0 ? 0 : 1];
  }

  #emailOf(index: number, id: string): string {
    return this.#account(index).emailOf(id);
  }

  #chosen(index: number, what: CrmObject, nth: number): string | undefined {
    const present = this.#account(index).present(what);
    return present[nth % Math.max(1, present.length)]?.id;
  }
}
