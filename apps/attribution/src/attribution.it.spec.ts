import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Order } from '@crossdock/contracts';
import fc from 'fast-check';
import { amountsOf, AttributionWorld, dayOf } from './attribution-world.fixture.ts';
import { factOfLead, factOfOrder } from './fact.ts';
import type { SampleReport } from './reports/credit-report.ts';

let world: AttributionWorld;
beforeAll(async () => {
  world = await AttributionWorld.start();
});
afterAll(() => world.stop());

const totalsOf = (report: SampleReport | undefined) => report?.totals;

describe('attribution', () => {
  it('credits a delivered sample with the revenue of its contact’s deal and shows the path', async () => {
    const shop = world.tenant();
    const shipmentId = randomUUID();
    const sample = { contactEmail: 'Ada@Example.com', campaign: 'spring' };
    await shop.tell((facts, manager) => facts.takeShipment(manager, {
      shipmentId, status: 'label_purchased', sample, carrier: 'usps', trackingNumber: '1', createdAt: dayOf(1),
    }));
    expect(await shop.sampleReport(shipmentId)).toMatchObject({ campaign: 'spring', sentAt: dayOf(1), credits: [], totals: [] });
    await shop.deliver(shipmentId, 2, sample);
    await shop.takeDeal('42', { contacts: [{ externalId: '1', email: 'ADA@example.com' }] });
    expect(await shop.sampleReport(shipmentId)).toMatchObject({
      shipmentId, model: 'linear', touchedAt: dayOf(2),
      credits: [{
        dealId: shop.dealId('42'), source: { vendor: 'hubspot', externalId: '42' }, currency: 'EUR', amountMinor: 10_000, share: 1,
        path: [{ kind: 'touch', touchId: shipmentId, channel: 'sample', at: dayOf(2) }, { kind: 'deal_won', dealId: shop.dealId('42'), at: dayOf(20) }],
      }],
      totals: [{ currency: 'EUR', amountMinor: 10_000 }],
    });
  });

  it('shares the revenue of one deal among all its samples to the cent', async () => {
    const shop = world.tenant();
    const shipments = [randomUUID(), randomUUID(), randomUUID()];
    await shop.takeDeal('42');
    for (const [index, shipmentId] of shipments.entries()) await shop.deliver(shipmentId, index + 1);
    expect((await shop.dealReport('42'))?.credits.map(({ touchId, amountMinor }) => ({ touchId, amountMinor }))).toEqual([
      { touchId: shipments[0], amountMinor: 3_334 }, { touchId: shipments[1], amountMinor: 3_333 }, { touchId: shipments[2], amountMinor: 3_333 },
    ]);
  });

  it('takes the credit back when the deal is reopened or lost, and gives it again when it is won anew', async () => {
    const shop = world.tenant();
    const shipmentId = randomUUID();
    await shop.deliver(shipmentId, 2);
    await shop.takeDeal('42');
    expect(totalsOf(await shop.sampleReport(shipmentId))).toEqual([{ currency: 'EUR', amountMinor: 10_000 }]);
    await shop.takeDeal('42', { status: 'open', modifiedAt: dayOf(21) });
    expect(totalsOf(await shop.sampleReport(shipmentId))).toEqual([]);
    await shop.takeDeal('42', { status: 'lost', modifiedAt: dayOf(22) });
    expect(totalsOf(await shop.sampleReport(shipmentId))).toEqual([]);
    await shop.takeDeal('42', { modifiedAt: dayOf(23), amount: { amountMinor: 500, currency: 'USD' } });
    expect(totalsOf(await shop.sampleReport(shipmentId))).toEqual([{ currency: 'USD', amountMinor: 500 }]);
  });

  it('does nothing for a repeated or older event', async () => {
    const shop = world.tenant();
    const shipmentId = randomUUID();
    expect(await shop.deliver(shipmentId, 2)).toBe('applied');
    expect(await shop.deliver(shipmentId, 2)).toBe('stale');
    expect(await shop.takeDeal('42')).toBe('applied');
    const revision = async (): Promise<number> => (await shop.dealReport('42'))?.result?.revision ?? 0;
    const first = await revision();
    await shop.takeDeal('42');
    expect(await revision()).toBe(first);
    await shop.takeDeal('42', { status: 'open', modifiedAt: dayOf(21), closedAt: undefined });
    expect(await shop.takeDeal('42', { modifiedAt: dayOf(20) })).toBe('stale');
    expect((await shop.dealReport('42'))?.credits).toEqual([]);
    await shop.takeDeal('42', { modifiedAt: dayOf(22) });
    expect(await revision()).toBeGreaterThan(first);
  });

  it('follows nothing where a deal is told again with a later time alone, and counts one again that is back in its CRM as it was', async () => {
    const shop = world.tenant();
    const shipmentId = randomUUID();
    await shop.deliver(shipmentId, 2);
    await shop.takeDeal('42');
    expect(await shop.takeDeal('42', { modifiedAt: dayOf(21) })).toBe('stale');
    expect(await shop.takeDeal('42', { modifiedAt: dayOf(20), name: 'Late' })).toBe('stale');
    await shop.tell((facts, manager) => facts.takeGone(manager, { vendor: 'hubspot', connectionId: shop.connectionId, object: 'deal', externalId: '42', gone: 'archived', noticedAt: dayOf(22) }));
    expect(totalsOf(await shop.sampleReport(shipmentId))).toEqual([]);
    expect(await shop.takeDeal('42', { modifiedAt: dayOf(23) })).toBe('applied');
    expect(totalsOf(await shop.sampleReport(shipmentId))).toEqual([{ currency: 'EUR', amountMinor: 10_000 }]);
  });

  it('counts a contact that joins a deal although the deal’s own time stays', async () => {
    const shop = world.tenant();
    const shipmentId = randomUUID();
    await shop.deliver(shipmentId, 2);
    await shop.takeDeal('42', { contacts: [] });
    expect(totalsOf(await shop.sampleReport(shipmentId))).toEqual([]);
    expect(await shop.takeDeal('42')).toBe('applied');
    expect(totalsOf(await shop.sampleReport(shipmentId))).toEqual([{ currency: 'EUR', amountMinor: 10_000 }]);
  });

  it('counts a touch, and one that moves to another day, for the deals that were closed after it and for no other', async () => {
    const shop = world.tenant();
    for (const [externalId, day] of [['early', 5], ['late', 20]] as const) await shop.takeDeal(externalId, { modifiedAt: dayOf(day), closedAt: dayOf(day) });
    const stepsAt = async (): Promise<Array<number | undefined>> =>
      Promise.all(['early', 'late'].map(async (externalId) => (await shop.dealReport(externalId))?.credits.length));
    await shop.touch(10, { id: 'a' });
    expect(await stepsAt()).toEqual([0, 1]);
    await shop.touch(2, { id: 'a' });
    expect(await stepsAt()).toEqual([1, 1]);
    await shop.touch(25, { id: 'a' });
    expect(await stepsAt()).toEqual([0, 0]);
  });

  it('counts an order again whose deal has come to stand for another one', async () => {
    const shop = world.tenant();
    const [orderId, otherId] = [randomUUID(), randomUUID()];
    const order = (externalId: string): Order => ({
      source: { vendor: 'woocommerce', connectionId: shop.connectionId, externalId }, modifiedAt: dayOf(15), number: externalId, status: 'completed',
      total: { amountMinor: 3_000, currency: 'EUR' }, placedAt: dayOf(15), customer: { email: `${externalId}@example.com` }, lines: [],
    });
    await shop.tellFacts(() => [factOfOrder({ orderId, order: order('8') }), factOfOrder({ orderId: otherId, order: order('9') })]);
    const revenue = async (): Promise<number | undefined> => (await shop.report({ models: 'linear' })).unattributed.revenue[0]?.amountMinor;
    expect(await revenue()).toBe(6_000);
    await shop.takeDeal('42', { contacts: [], externalKey: orderId, amount: { amountMinor: 100, currency: 'EUR' } });
    expect(await revenue()).toBe(3_100);
    await shop.takeDeal('42', { contacts: [], externalKey: undefined, modifiedAt: dayOf(21), amount: { amountMinor: 100, currency: 'EUR' } });
    expect(await revenue()).toBe(6_100);
  });

  it('counts a lead as the touch by which its person became one, once however often it is told', async () => {
    const shop = world.tenant();
    const leadId = randomUUID();
    await shop.touch(1);
    for (const _time of [1, 2]) {
      await shop.tellFacts(() => [factOfLead({ leadId, email: 'Ada@example.com', phone: '+4915112345678', channel: 'form', campaign: 'spring', receivedAt: dayOf(3) })]);
    }
    await shop.touch(4, { person: '', contactPhone: '+4915112345678', channel: 'web' });
    await shop.takeDeal('42');
    expect(amountsOf(await shop.report({ models: 'linear' }))).toEqual({ form: { linear: 3_333 }, mail: { linear: 3_334 }, web: { linear: 3_333 } });
    expect(amountsOf(await shop.report({ models: 'first', by: 'campaign' }))).toMatchObject({ null: { first: 10_000 }, spring: { first: 0 } });
  });

  it('leaves shipments that are no samples alone', async () => {
    const shop = world.tenant();
    const shipmentId = randomUUID();
    expect(await shop.tell((facts, manager) => facts.takeDelivery(manager, { shipmentId, status: 'delivered', deliveredAt: dayOf(2) }))).toBe('not_ours');
    expect(await shop.sampleReport(shipmentId)).toBeUndefined();
  });

  it('comes to the same credit when all events arrive at once, shuffled and twice', async () => {
    const people = ['ada', 'grace', 'joan'];
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
      const shop = world.tenant();
      const shipments = people.flatMap((person) => [{ person, id: randomUUID() }, { person, id: randomUUID() }]);
      const events: Array<() => Promise<unknown>> = [
        ...shipments.map(({ person, id }, index) => () => shop.deliver(id, index + 1, { contactEmail: `${person}@example.com` })),
        ...['a', 'b', 'c'].flatMap((externalId, index) => [
          () => shop.takeDeal(externalId, { status: 'open', modifiedAt: dayOf(8) }),
          () => shop.win(externalId, people.slice(index), { amount: { amountMinor: 1_000 + index, currency: 'EUR' } }),
        ]),
      ];
      const [order = []] = fc.sample(fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }), { seed, numRuns: 1 });
      await Promise.all(order.map((event) => event()));
      expect((await shop.dealReport('a'))?.credits.map(({ amountMinor }) => amountMinor)).toEqual([167, 167, 167, 167, 166, 166]);
      expect((await shop.dealReport('b'))?.credits.map(({ amountMinor }) => amountMinor)).toEqual([251, 250, 250, 250]);
      expect((await shop.dealReport('c'))?.credits.map(({ amountMinor }) => amountMinor)).toEqual([501, 501]);
    }), { numRuns: 5 });
  }, 120_000);

  it('keeps tenants apart, even with the same contact', async () => {
    const [shop, other] = [world.tenant(), world.tenant()];
    const shipmentId = randomUUID();
    await shop.deliver(shipmentId, 2);
    await other.takeDeal('42');
    await other.settled();
    expect(totalsOf(await shop.sampleReport(shipmentId))).toEqual([]);
    expect(await other.sampleReport(shipmentId)).toBeUndefined();
  });
});
