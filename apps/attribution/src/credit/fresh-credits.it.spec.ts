import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AttributionTenant, AttributionWorld } from '../attribution-world.fixture.ts';
import { type BackfillStage, dealStage, identityStage } from '../settings/backfill-stages.ts';
import { settingsSchema } from '../settings/settings.ts';
import { identitiesOf } from '../identity/identity.repository.ts';

let world: AttributionWorld;
beforeAll(async () => {
  world = await AttributionWorld.start();
});
afterAll(() => world.stop());

/** Rules of which nothing is kept, and which no job works out. */
const rulesOf = (rulesVersion: number) => ({ rulesVersion, settings: settingsSchema.parse({}) });

/** What is kept by some rules, but for when. */
async function keptBy(shop: AttributionTenant, rulesVersion: number): Promise<unknown> {
  const columns = {
    journey: 'deal_id, revision, data_version, cause, is_won, converted_at, opened_at, amount_minor, currency, account, owner, steps', open_journey: 'identity_id, steps, ended_at',
    credit_sum: 'dimension, account, key, model, day, currency, amount_minor, parts', step_sum: 'dimension, account, from_state, to_state, day, count',
  };
  return Object.fromEntries(await Promise.all(Object.entries(columns).map(async ([table, shown]) => [
    table, await world.admin.query<unknown[]>(`SELECT ${shown} FROM ${table} WHERE tenant_id = $1 AND rules_version = $2 ORDER BY ${shown}`, [shop.id, rulesVersion]),
  ])));
}

/** Three won deals, one that is open, and people without any. */
async function aShop(): Promise<{ shop: AttributionTenant; deals: string[]; people: string[] }> {
  const shop = world.tenant();
  const names = ['ada', 'grace', 'joan', 'lin', 'mary'];
  for (const [index, person] of names.entries()) {
    await shop.touch(index + 1, { person, channel: index % 2 === 0 ? 'fair, "east"' : 'mail', campaign: 'spring\\summer' });
    await shop.touch(index + 9, { person });
  }
  await shop.win('1', ['ada'], { custom: { owner: 'o"1' } });
  await shop.win('2', ['grace'], { amount: { amountMinor: 1_001, currency: 'USD' } });
  await shop.win('3', ['ada', 'grace']);
  await shop.win('4', ['joan'], { status: 'open' });
  const people = await shop.read(async (manager) => [...new Set((await identitiesOf(manager, names.map((name) => `email:${name}@example.com`))).values())]);
  return { shop, deals: ['1', '2', '3', '4'].map((id) => shop.dealId(id)), people };
}

async function storeFresh<Fact>(
  shop: AttributionTenant, stage: BackfillStage<Fact>, { ids, without, rulesVersion }: { readonly ids: readonly string[]; readonly without: readonly string[]; readonly rulesVersion: number },
): Promise<void> {
  const rules = rulesOf(rulesVersion);
  await shop.within(async (manager) => {
    const credits = stage.fresh(rules);
    for (const id of ids) credits.add(await stage.read(manager, [id], rules));
    for (const id of without) credits.leaveOut(id);
    await credits.store(manager, 7);
  });
}

describe('credits worked out before results are claimed', () => {
  it('are those that follow when something may be kept already', async () => {
    const { shop, deals, people } = await aShop();
    await storeFresh(shop, dealStage, { ids: deals, without: [], rulesVersion: 101 });
    await storeFresh(shop, identityStage, { ids: people, without: [], rulesVersion: 101 });
    const rules = rulesOf(102);
    await shop.within(async (manager) => {
      await dealStage.credit(manager, await dealStage.read(manager, deals, rules), rules, 7);
      await identityStage.credit(manager, await identityStage.read(manager, people, rules), rules, 7);
    });
    const kept = await keptBy(shop, 101);
    expect(kept).toEqual(await keptBy(shop, 102));
    expect(kept).toMatchObject({ journey: { length: 3 }, open_journey: { length: 3 } });
  });

  it('leave nothing of what is left out', async () => {
    const { shop, deals, people } = await aShop();
    const [[aDeal = '', ...otherDeals], [somebody = '', ...others]] = [deals, people];
    await storeFresh(shop, dealStage, { ids: deals, without: [aDeal, 'never heard of'], rulesVersion: 101 });
    await storeFresh(shop, dealStage, { ids: otherDeals, without: [], rulesVersion: 102 });
    await storeFresh(shop, identityStage, { ids: people, without: [somebody, 'never heard of'], rulesVersion: 101 });
    await storeFresh(shop, identityStage, { ids: others, without: [], rulesVersion: 102 });
    expect(await keptBy(shop, 101)).toEqual(await keptBy(shop, 102));
  });
});
