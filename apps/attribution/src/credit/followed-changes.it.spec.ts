import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Order } from '@crossdock/contracts';
import fc from 'fast-check';
import { type AttributionTenant, AttributionWorld, dayOf } from '../attribution-world.fixture.ts';
import { type Fact, factOfContact, factOfDeal, factOfOrder, factOfTouch } from '../fact.ts';
import { dealStage, identityStage } from '../settings/backfill-stages.ts';
import { settingsSchema } from '../settings/settings.ts';
import { toldTouchSchema } from '../touches/touch.ts';
import { claimResults } from './crediting.ts';

let world: AttributionWorld;
beforeAll(async () => {
  world = await AttributionWorld.start();
});
afterAll(() => world.stop());

/** Those that hold where nothing was ever saved, and others under which the same results are worked out at once. */
const [liveVersion, otherVersion] = [0, 101];

const person = fc.nat(3);
const day = fc.integer({ min: 1, max: 20 });
const telling = fc.oneof(
  { weight: 4, arbitrary: fc.record({
    kind: fc.constant('deal' as const), deal: fc.nat(2), status: fc.constantFrom('open' as const, 'won' as const, 'lost' as const), people: fc.uniqueArray(person, { maxLength: 2 }),
    namesAddress: fc.boolean(), modified: day, standsFor: fc.option(fc.nat(1)), amountMinor: fc.constantFrom(100, 250),
  }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('contact' as const), person, address: fc.option(person), phone: fc.option(fc.nat(1)), modified: day }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('touch' as const), touch: fc.nat(4), person, at: day, channel: fc.constantFrom('mail', 'fair') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('order' as const), order: fc.nat(1), status: fc.constantFrom('processing' as const, 'completed' as const), person, phone: fc.option(fc.nat(1)), modified: day }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('gone' as const), deal: fc.nat(2), noticed: day }) },
);
type Telling = typeof telling extends fc.Arbitrary<infer Value> ? Value : never;

const emailOf = (index: number): string => `p${index}@maker${index % 2}.example`;
const phoneOf = (index: number): string => `+4930123450${index}`;

/** A tenant whose two shops' orders have ids of their own. */
interface Told {
  readonly shop: AttributionTenant;
  readonly orderIds: readonly string[];
}

function factOf({ shop, orderIds }: Told, told: Exclude<Telling, { kind: 'gone' }>): Fact {
  switch (told.kind) {
    case 'deal': return factOfDeal(shop.deal(String(told.deal), {
      status: told.status, modifiedAt: dayOf(told.modified), closedAt: dayOf(told.modified), amount: { amountMinor: told.amountMinor, currency: 'EUR' },
      contacts: told.people.map((id) => ({ externalId: String(id), ...(told.namesAddress && { email: emailOf(id) }) })),
      ...(told.standsFor !== null && { externalKey: orderIds[told.standsFor] ?? '' }),
    }));
    case 'contact': return factOfContact({
      source: { vendor: 'hubspot', connectionId: shop.connectionId, externalId: String(told.person) }, modifiedAt: dayOf(told.modified), known: ['email', 'phone'], associations: [],
      ...(told.address !== null && { email: emailOf(told.address) }), ...(told.phone !== null && { phone: phoneOf(told.phone) }),
    });
    case 'touch': return factOfTouch(toldTouchSchema.parse({ id: `touch-${told.touch}`, kind: 'web', contactEmail: emailOf(told.person), occurredAt: dayOf(told.at), channel: told.channel }));
    case 'order': {
      const order: Order = {
        source: { vendor: 'woocommerce', connectionId: shop.connectionId, externalId: `order-${told.order}` }, number: String(told.order), status: told.status,
        customer: { email: emailOf(told.person), ...(told.phone !== null && { phone: phoneOf(told.phone) }) }, lines: [], total: { amountMinor: 4_000, currency: 'EUR' },
        placedAt: dayOf(told.modified), modifiedAt: dayOf(told.modified),
      };
      return factOfOrder({ orderId: orderIds[told.order] ?? '', order });
    }
  }
}

/** Tells what came together; records that are gone are told one by one. */
async function tell(told: Told, batch: readonly Telling[]): Promise<void> {
  await told.shop.tellFacts(() => batch.flatMap((each) => (each.kind === 'gone' ? [] : [factOf(told, each)])));
  for (const each of batch) {
    if (each.kind !== 'gone') continue;
    await told.shop.tell((facts, manager) => facts.takeGone(manager, {
      vendor: 'hubspot', connectionId: told.shop.connectionId, object: 'deal', externalId: String(each.deal), gone: 'archived', noticedAt: dayOf(each.noticed),
    }));
  }
}

/** Works out by other rules, which say the same, all that is known, none of which is kept there yet. */
async function workOutAnew(shop: AttributionTenant): Promise<void> {
  const rules = { rulesVersion: otherVersion, settings: settingsSchema.parse({}) };
  const [deals, people] = await Promise.all([['deal', 'deal_id'], ['identity', 'identity_id']].map(async ([table, id]) =>
    (await world.admin.query<Array<{ id: string }>>(`SELECT DISTINCT ${id} AS id FROM ${table} WHERE tenant_id = $1`, [shop.id])).map((row) => row.id)));
  await shop.within(async (manager) => {
    await dealStage.credit(manager, await dealStage.read(manager, deals ?? [], rules), rules, 7);
    await identityStage.credit(manager, await identityStage.read(manager, people ?? [], rules), rules, 7);
  });
}

/** What holds by some rules: sums that are nothing say nothing, and neither does by how many revisions it came about. */
async function resultsBy(shop: AttributionTenant, rulesVersion: number): Promise<unknown> {
  const tables = {
    journey: { shown: 'deal_id, is_won, converted_at, opened_at, amount_minor, currency, account, owner, steps', where: 'superseded_at IS NULL AND is_won' },
    open_journey: { shown: 'identity_id, steps, ended_at', where: 'true' },
    credit_sum: { shown: 'dimension, account, key, model, day, currency, amount_minor, parts', where: 'amount_minor <> 0 OR parts <> 0' },
    step_sum: { shown: 'dimension, account, from_state, to_state, day, count', where: 'count <> 0' },
  };
  return Object.fromEntries(await Promise.all(Object.entries(tables).map(async ([table, { shown, where }]) => [
    table, await world.admin.query<unknown[]>(`SELECT ${shown} FROM ${table} WHERE tenant_id = $1 AND rules_version = $2 AND (${where}) ORDER BY ${shown}`, [shop.id, rulesVersion]),
  ])));
}

describe('results that follow changes', () => {
  it('are to the row those of all facts together, whatever was told with what', async () => {
    let won = 0;
    await fc.assert(fc.asyncProperty(fc.array(fc.array(telling, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }), async (batches) => {
      const told = { shop: world.tenant(), orderIds: [randomUUID(), randomUUID()] };
      for (const [index, batch] of batches.entries()) {
        await tell(told, batch);
        // Some are followed together, some one after the other.
        if (index % 3 === 1) await told.shop.settled();
      }
      await told.shop.settled();
      await workOutAnew(told.shop);
      const results = await resultsBy(told.shop, liveVersion);
      expect(results).toEqual(await resultsBy(told.shop, otherVersion));
      won += JSON.stringify(results).split('"is_won":true').length - 1;
    }), { numRuns: 12 });
    expect(won).toBeGreaterThan(0);
  }, 240_000);

  it('follow what came together by few tasks, each of a part of it', async () => {
    const shop = world.tenant();
    const tellings = Array.from({ length: 45 }, (_, touch) => ({ kind: 'touch' as const, touch, person: touch % 4, at: 3, channel: 'mail' as const }));
    // Whoever holds the results has the tasks wait for them.
    await shop.within(async (manager) => {
      claimResults(manager);
      await manager.query('SELECT 1');
      await shop.tellFacts(() => tellings.map((each) => factOf({ shop, orderIds: [] }, each)));
      expect(await world.admin.query('SELECT count(*)::int AS tasks FROM task WHERE tenant_id = $1', [shop.id])).toEqual([{ tasks: 3 }]);
    });
    await shop.settled();
    expect(await world.admin.query('SELECT sum(touches)::int AS touches FROM touch_count WHERE tenant_id = $1', [shop.id])).toEqual([{ touches: 45 }]);
    expect(await world.admin.query('SELECT count(*)::int AS people FROM open_journey WHERE tenant_id = $1', [shop.id])).toEqual([{ people: 4 }]);
  });

  it('are not asked for by a touch that is told again as it was', async () => {
    const shop = world.tenant();
    const telling = { kind: 'touch' as const, touch: 1, person: 1, at: 3, channel: 'mail' as const };
    const told = { shop, orderIds: [] };
    const outcomesOf = (...tellings: ReadonlyArray<Exclude<Telling, { kind: 'gone' }>>) => shop.tellFacts(() => tellings.map((each) => factOf(told, each)));
    expect(await outcomesOf(telling)).toEqual(['applied']);
    expect(await outcomesOf(telling)).toEqual(['stale']);
    expect(await outcomesOf(telling, { ...telling, channel: 'fair' })).toEqual(['stale', 'applied']);
    await shop.settled();
    const counts = await world.admin.query<unknown[]>('SELECT day::text, channel, touches FROM touch_count WHERE tenant_id = $1 AND touches <> 0', [shop.id]);
    expect(counts).toEqual([{ day: '2026-03-03', channel: 'fair', touches: '1' }]);
  });
});
