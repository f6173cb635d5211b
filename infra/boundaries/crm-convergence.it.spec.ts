import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventually } from '@crossdock/test-stack';
import { history, live, peopleOf } from './two-crms-history.fixture.ts';
import { TwoCrms } from './two-crms.fixture.ts';

/** Longer and more often than in an ordinary test run, where somebody wants to be sure. */
const { CONVERGENCE_STEPS = '40', CONVERGENCE_KILLS = '4', CONVERGENCE_RUNS = '1' } = process.env;
const [steps, people, kills, numRuns] = [Number(CONVERGENCE_STEPS), 20, Number(CONVERGENCE_KILLS), Number(CONVERGENCE_RUNS)];
let world: TwoCrms;
beforeAll(async () => {
  world = await TwoCrms.start('crm-salesforce', 'sync');
});
afterAll(() => world.stop(), 60_000);

it('HubSpot and Salesforce come to hold the same after any edits, deletions, merges and changes of companies in both, with webhooks lost, doubled and late and services killed', async () => {
  await fc.assert(fc.asyncProperty(history(steps), async ({ steps: done, deliveries }) => {
    const counts = { add: 0, edit: 0, join: 0, delete: 0, merge: 0, killed: 0, once: 0, twice: 0, never: 0, after_next: 0 };
    const tenant = await world.tenant();
    for (let index = 0; index < people; index += 1) {
      const where = index % 3;
      if (where !== 1) await tenant.hubSpot.add('contact', { email: `p${index}@example.com`, lastname: `Person ${index}` });
      if (where !== 0) await tenant.salesforce.add('contact', { Email: `p${index}@example.com`, LastName: `Person ${index}` });
    }
    for (const name of ['Acme', 'Beta', 'Ceres']) await tenant.hubSpot.add('company', { name, domain: `${name.toLowerCase()}.example` });
    expect(await tenant.ended(await tenant.sync('company'))).toMatchObject({ state: 'succeeded' });
    await eventually('the companies in Salesforce', async () => (await tenant.salesforce.records('company')).length === 3);
    const syncId = await tenant.sync('contact', { gone: 'archive' });
    expect(await tenant.ended(syncId)).toMatchObject({ state: 'succeeded' });
    world.gateway.front.delivery = () => {
      const delivery = deliveries[(counts.once + counts.twice + counts.never + counts.after_next) % deliveries.length] ?? 'once';
      counts[delivery] += 1;
      return delivery;
    };
    for (const [index, step] of done.entries()) {
      if (await live(tenant, step)) counts[step.kind] += 1;
      if (counts.killed === kills || index % Math.floor(steps / kills) !== 1) continue;
      await world.mortals[counts.killed % world.mortals.length]?.kill();
      counts.killed += 1;
    }
    world.gateway.front.delivery = () => 'once';
    expect(await tenant.reconcile(syncId)).toMatchObject({ state: 'succeeded' });
    const isSame = async (): Promise<boolean> => {
      const held = await peopleOf(tenant);
      return JSON.stringify(held.hubSpot) === JSON.stringify(held.salesforce) && (await tenant.underWay()).length === 0;
    };
    const expectSame = async (): Promise<void> => {
      const held = await peopleOf(tenant);
      expect(held.hubSpot).toEqual(held.salesforce);
    };
    await eventually('both to hold the same, with nothing on its way', isSame, 120_000).catch(async (failure: unknown) => {
      await expectSame();
      expect(await tenant.underWay()).toEqual([]);
      throw failure;
    });
    const writes = async () => [await tenant.hubSpot.writes('contact'), await tenant.salesforce.writes('contact')];
    const before = await writes();
    const last = await tenant.reconcile(syncId);
    expect(last).toMatchObject({ state: 'succeeded', scans: [{ differences: 0, missing: 0 }, { differences: 0, missing: 0 }] });
    await eventually('nothing to be on its way', async () => (await tenant.underWay()).length === 0, 120_000);
    await expectSame();
    expect(await writes()).toEqual(before);
    const left = (await peopleOf(tenant)).hubSpot.length;
    process.stdout.write(`Two CRMs with ${people} people came to hold the same ${left} after ${steps} steps: ${JSON.stringify(counts)}\n`);
  }), { numRuns, endOnFailure: true });
}, numRuns * (240_000 + steps * 2_000));
