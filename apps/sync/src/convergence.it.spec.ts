import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountHistory, actArbitrary } from './account-history.fixture.ts';
import { contentOfBoth, SyncWorld } from './sync-world.fixture.ts';
import type { Sync } from './syncs/sync.repository.ts';

let world: SyncWorld;
beforeAll(async () => {
  world = await SyncWorld.start();
});
afterAll(() => world.stop());

const objects = ['company', 'contact', 'deal'] as const;
/** More than in an ordinary test run, where somebody wants to be sure. */
const numRuns = Number(process.env['CONVERGENCE_RUNS'] ?? 15);

describe('two accounts of a sync', () => {
  it('come to hold the same, and lose nobody, after edits, deletes and merges on both sides, with messages lost, repeated and in disorder', async () => {
    const total = new Map<string, number>();
    const vendors = fc.constantFrom(['hubspot', 'hubspot'] as const, ['hubspot', 'salesforce'] as const, ['dynamics', 'salesforce'] as const);
    await fc.assert(fc.asyncProperty(vendors, fc.array(actArbitrary, { minLength: 20, maxLength: 60, size: 'max' }), async ([first, second], acts) => {
      const tenant = world.tenant();
      const [left, right] = [await tenant.account(first), await tenant.account(second)];
      const history = new AccountHistory(tenant, [left, right]);
      history.begin();
      const syncs: Sync[] = [];
      for (const object of objects) syncs.push(await tenant.sync(object, { gone: 'archive' }));
      await tenant.atRest();
      for (const act of acts) await history.live(act);
      await tenant.atRest();
      const reconcile = async (): Promise<void> => {
        for (const sync of syncs) await tenant.within((manager) => world.runs.start(manager, sync, 'reconciliation'));
        await tenant.atRest();
      };
      const expectSame = (): void => {
        for (const object of objects) {
          const [ofLeft, ofRight] = contentOfBoth(left, right, object);
          expect(ofLeft).toEqual(ofRight);
        }
      };
      if (history.counts.lost > 0) await reconcile();
      expectSame();
      const writes = left.writes + right.writes;
      await reconcile();
      expectSame();
      expect(left.writes + right.writes).toBe(writes);
      const emails = left.present('contact').map(({ id }) => left.emailOf(id));
      for (const one of history.undeleted) expect([one, emails.some((email) => one.includes(email))]).toEqual([one, true]);
      for (const [name, count] of Object.entries({ ...history.counts, runs: 1, people: emails.length })) total.set(name, (total.get(name) ?? 0) + count);
    }), { numRuns, endOnFailure: true });
    expect(total.get('merges')).toBeGreaterThan(0);
    process.stdout.write(`Two accounts came to hold the same: ${JSON.stringify(Object.fromEntries(total))}\n`);
  }, 60_000 + numRuns * 10_000);
});
