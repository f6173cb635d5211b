import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CrmAccount } from './crm-account.fixture.ts';
import { contentOf, SyncWorld } from './sync-world.fixture.ts';

let world: SyncWorld;
beforeAll(async () => {
  world = await SyncWorld.start();
}, 60_000);
afterAll(() => world.stop());

const side = fc.constantFrom(0, 1);
const actArbitrary = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('create' as const), side, person: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('edit' as const), side, which: fc.nat(9), field: fc.constantFrom('lastName', 'phone', 'firstName'), value: fc.constantFrom('a', 'b', 'c', null) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete' as const), side, which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('merge' as const), side, winner: fc.nat(9), loser: fc.nat(9) }) },
  { weight: 8, arbitrary: fc.record({ act: fc.constant('arrive' as const), pick: fc.nat(30), isRepeated: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lose' as const), pick: fc.nat(30) }) },
);
type Act = typeof actArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

describe('two accounts of a sync', () => {
  it('come to hold the same after edits, deletes and merges on both sides, with messages lost, repeated and in disorder', async () => {
    let records = 0;
    await fc.assert(fc.asyncProperty(fc.array(actArbitrary, { minLength: 10, maxLength: 60 }), async (acts) => {
      const tenant = world.tenant();
      const accounts = [await tenant.account(), await tenant.account()] as const;
      const emails = Array.from({ length: 6 }, () => `${randomUUID()}@example.com`);
      const sync = await tenant.sync('contact', { gone: 'archive' });
      await tenant.atRest();
      const isAnyLost = acts.some(({ act }) => act === 'lose');
      for (const act of acts) await play(act, accounts, emails, tenant);
      await tenant.atRest();
      if (isAnyLost) {
        await tenant.within((manager) => world.runs.start(manager, sync, 'reconciliation'));
        await tenant.atRest();
      }
      expect(contentOf(accounts[0], 'contact')).toEqual(contentOf(accounts[1], 'contact'));
      records += accounts[0].present('contact').length;
    }), { numRuns: 25 });
    expect(records).toBeGreaterThan(0);
  }, 300_000);
});

async function play(act: Act, accounts: readonly [CrmAccount, CrmAccount], emails: readonly string[], tenant: ReturnType<SyncWorld['tenant']>): Promise<void> {
  switch (act.act) {
    case 'create': {
      const email = emails[act.person] ?? '';
      const account = accounts[act.side === 0 ? 0 : 1];
      // A CRM keeps an e-mail once.
      if (!account.present('contact').some(({ fields }) => fields['email'] === email)) account.put('contact', { email, lastName: 'Muster' });
      break;
    }
    case 'edit': {
      const account = accounts[act.side === 0 ? 0 : 1];
      const record = chosen(account, act.which);
      if (record) account.put('contact', { [act.field]: act.value }, { id: record });
      break;
    }
    case 'delete': {
      const account = accounts[act.side === 0 ? 0 : 1];
      const record = chosen(account, act.which);
      if (record) account.delete('contact', record);
      break;
    }
    case 'merge': {
      const account = accounts[act.side === 0 ? 0 : 1];
      const [winner, loser] = [chosen(account, act.winner), chosen(account, act.loser)];
      if (winner && loser && winner !== loser) account.delete('contact', loser, winner);
      break;
    }
    case 'arrive':
      await tenant.step({ pick: act.pick, isRepeated: act.isRepeated });
      break;
    case 'lose':
      await tenant.step({ pick: act.pick, isLost: true });
  }
}

function chosen(account: CrmAccount, which: number): string | undefined {
  const present = account.present('contact');
  return present[which % Math.max(1, present.length)]?.id;
}
