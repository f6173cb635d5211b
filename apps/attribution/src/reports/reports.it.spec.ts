import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { amountsOf, AttributionWorld, dayOf } from '../attribution-world.fixture.ts';
import { factOfCompany } from '../fact.ts';
import { storeRates } from '../rates/currency-rates.ts';
import { dealModels } from '../credit/credits.ts';
import { listCreditedDeals, type CreditedDeals } from './credited-deals.ts';
import { readLedger } from './ledger.ts';
import { readCohorts, readFunnel, readTimeToRevenue } from './sample-reports.ts';

let world: AttributionWorld;
beforeAll(async () => {
  world = await AttributionWorld.start();
});
afterAll(() => world.stop());

const always = { from: undefined, to: undefined };

describe('reports', () => {
  it('convert each day’s amounts by that day’s rate, and name what has none', async () => {
    const shop = world.tenant();
    await shop.configure({ reportCurrency: 'EUR' });
    await shop.within((manager) => storeRates(manager, [
      { currency: 'USD', base: 'EUR', day: '2026-03-01', rate: '0.9' }, { currency: 'USD', base: 'EUR', day: '2026-03-15', rate: '0.8' },
    ]));
    await shop.touch(2, { cost: { amountMinor: 100, currency: 'USD' } });
    await shop.touch(3, { channel: 'fair' });
    await shop.win('1', ['ada'], { closedAt: dayOf(10), amount: { amountMinor: 1_001, currency: 'USD' } });
    await shop.win('2', ['ada'], { closedAt: dayOf(20), amount: { amountMinor: 500, currency: 'EUR' } });
    const { rows, missingRates } = await shop.report({ models: 'linear' });
    expect(rows.map(({ credits }) => credits[0]?.converted)).toEqual([{ amountMinor: 700, currency: 'EUR' }, { amountMinor: 701, currency: 'EUR' }]);
    expect(rows[1]).toMatchObject({ key: 'mail', convertedCost: { amountMinor: 90, currency: 'EUR' }, credits: [{ returnOnInvestment: (701 - 90) / 90, costPerConversionMinor: 90 }] });
    expect(missingRates).toEqual([]);
    await shop.win('3', ['ada'], { closedAt: dayOf(20), amount: { amountMinor: 700, currency: 'GBP' } });
    const later = await shop.report({ models: 'linear' });
    expect(later.missingRates).toEqual([{ currency: 'GBP', base: 'EUR', day: '2026-03-20' }]);
    expect(later.rows[0]?.credits[0]).toEqual({ model: 'linear', conversions: 1.5, revenue: [{ amountMinor: 250, currency: 'EUR' }, { amountMinor: 350, currency: 'GBP' }, { amountMinor: 500, currency: 'USD' }] });
  });

  it('tell in a ledger how credit came and went; its entries sum to what holds', async () => {
    const shop = world.tenant();
    await shop.touch(2, { id: 'first' });
    // A deal that is followed before the touch has an entry more: won with nothing, then touched.
    await shop.settled();
    await shop.win('1', ['ada']);
    await shop.settled();
    await shop.win('1', ['ada'], { amount: { amountMinor: 4_000, currency: 'EUR' }, modifiedAt: dayOf(21) });
    await shop.settled();
    await shop.touch(3, { id: 'second' });
    await shop.settled();
    await shop.win('1', ['ada'], { status: 'lost', modifiedAt: dayOf(22) });
    await shop.settled();
    await shop.win('1', ['ada'], { amount: { amountMinor: 999, currency: 'EUR' }, modifiedAt: dayOf(23) });
    const first = await shop.read((manager) => readLedger(manager, { limit: 3, model: 'linear' }));
    const rest = await shop.read((manager) => readLedger(manager, { limit: 3, model: 'linear', cursor: first.nextCursor }));
    const entries = [...first.items, ...rest.items];
    expect(entries.map(({ cause, corrections }) => [cause, corrections.map(({ amountMinor }) => amountMinor)])).toEqual([
      ['won', [10_000]], ['shrunk', [-6_000]], ['touches', [-2_000, 2_000]], ['taken_back', [-2_000, -2_000]], ['won', [500, 499]],
    ]);
    expect(entries.flatMap(({ corrections }) => corrections).reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(999);
    expect(rest.nextCursor).toBeUndefined();
  });

  it('lead from each number to the deals behind it, which sum to it', async () => {
    const shop = world.tenant();
    await shop.touch(2, { campaign: 'spring\nsale' });
    await shop.touch(3, { channel: 'fair' });
    await shop.touch(4);
    await shop.touch(4, { channel: 'fair', person: 'grace', campaign: 'expo' });
    await shop.win('1', ['ada'], { closedAt: dayOf(10), amount: { amountMinor: 1_001, currency: 'EUR' } });
    await shop.win('2', ['ada'], { closedAt: dayOf(20), amount: { amountMinor: 500, currency: 'EUR' } });
    await shop.win('3', ['grace'], { closedAt: dayOf(20), amount: { amountMinor: 777, currency: 'EUR' } });
    await shop.win('4', ['joan'], { closedAt: dayOf(21), amount: { amountMinor: 5, currency: 'EUR' } });
    for (const by of ['channel', 'campaign'] as const) {
      const { rows } = await shop.report({ by });
      for (const { key, credits } of rows) {
        for (const model of dealModels) {
          const deals: CreditedDeals['items'][number][] = [];
          let cursor: string | undefined;
          do {
            const page: CreditedDeals = await shop.read((manager) => listCreditedDeals(manager, { by, ...(key !== null && { key }), limit: 2, cursor }, model));
            deals.push(...page.items);
            cursor = page.nextCursor;
          } while (cursor !== undefined);
          const told = credits.find((credit) => credit.model === model);
          const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
          expect([by, key, model, sum(deals.map(({ amountMinor }) => amountMinor))]).toEqual([by, key, model, told?.revenue[0]?.amountMinor ?? 0]);
          expect(sum(deals.map(({ share }) => share))).toBeCloseTo(told?.conversions ?? 0, 6);
        }
      }
    }
    const { items } = await shop.read((manager) => listCreditedDeals(manager, { by: 'channel', key: 'mail', from: '2026-03-11', limit: 50 }, 'linear'));
    expect(items).toMatchObject([{ name: 'Deal 2', revenue: { amountMinor: 500, currency: 'EUR' }, amountMinor: 333, touches: 3 }]);
    expect((await shop.read((manager) => listCreditedDeals(manager, { limit: 50 }))).items.map(({ amountMinor }) => amountMinor).sort((a, b) => a - b)).toEqual([5, 500, 777, 1_001]);
    const other = world.tenant();
    expect((await other.read((manager) => listCreditedDeals(manager, { limit: 50 }))).items).toEqual([]);
  });

  it('follow samples to revenue: the funnel, months after the sample, and the time it took', async () => {
    const shop = world.tenant();
    const [won, open, away] = [randomUUID(), randomUUID(), randomUUID()];
    await shop.deliver(won, 2, { contactEmail: 'ada@example.com' });
    await shop.deliver(open, 3, { contactEmail: 'grace@example.com' });
    await shop.tell((facts, manager) => facts.takeShipment(manager, {
      shipmentId: away, status: 'label_purchased', sample: { contactEmail: 'joan@example.com' }, carrier: 'usps', trackingNumber: '1', createdAt: dayOf(4),
    }));
    await shop.win('1', ['ada'], { closedAt: '2026-05-01T00:00:00.000Z' });
    await shop.win('2', ['grace'], { status: 'open' });
    expect(await shop.read((manager) => readFunnel(manager, always))).toEqual({
      sent: 3, delivered: 2, withDeal: 2, withWonDeal: 1, wonDeals: 1, revenue: [{ currency: 'EUR', amountMinor: 10_000 }],
    });
    expect(await shop.read((manager) => readFunnel(manager, { from: '2026-04-01', to: undefined }))).toMatchObject({ sent: 0, wonDeals: 0, revenue: [] });
    expect(await shop.read((manager) => readCohorts(manager, always))).toEqual([
      { month: '2026-03', samples: 3, months: [{ after: 2, wonDeals: 1, revenue: [{ currency: 'EUR', amountMinor: 10_000 }] }] },
    ]);
    expect(await shop.read((manager) => readTimeToRevenue(manager, always))).toEqual({ deals: 1, meanDays: 60, medianDays: 60, ninetiethDays: 60 });
    expect(await shop.read((manager) => readTimeToRevenue(manager, { from: '2027-01-01', to: undefined }))).toEqual({ deals: 0 });
  });

  it('name no touch that came after the conversion, lies in the future or before the window, and count a doubled one once', async () => {
    const shop = world.tenant();
    await shop.touch(21, { channel: 'after' });
    await shop.touch(1, { channel: 'future', occurredAt: '2036-01-01T00:00:00.000Z' });
    await shop.touch(1, { channel: 'before', occurredAt: '2025-12-19T23:59:59.999Z' });
    for (const channel of ['mail', 'mail']) await shop.touch(2, { id: 'doubled', channel });
    await shop.win('1', ['ada']);
    const report = await shop.report({ models: 'linear' });
    expect(amountsOf(report)).toEqual({ after: { linear: 0 }, before: { linear: 0 }, future: { linear: 0 }, mail: { linear: 10_000 } });
    expect(report.rows.find(({ key }) => key === 'mail')?.touches).toBe(1);
  });

  it('show the revenue of a deal without a contact as unattributed', async () => {
    const shop = world.tenant();
    await shop.touch(2);
    await shop.takeDeal('1', { contacts: [] });
    expect(await shop.report({ models: 'linear' })).toMatchObject({ rows: [{ key: 'mail', credits: [{ conversions: 0, revenue: [] }] }], unattributed: { conversions: 1, revenue: [{ amountMinor: 10_000, currency: 'EUR' }] } });
  });

  it('count a contact in two companies once', async () => {
    const shop = world.tenant();
    await shop.configure({ reach: 'company' });
    await shop.touch(2, { companyDomain: 'acme.example' });
    await shop.touch(3, { companyDomain: 'bolt.example', channel: 'fair' });
    await shop.takeDeal('1', { associations: [{ object: 'company', externalId: '1' }, { object: 'company', externalId: '2' }] });
    for (const [externalId, domain] of [['1', 'acme.example'], ['2', 'bolt.example']] as const) {
      await shop.tellFacts(() => [factOfCompany({
        source: { vendor: 'hubspot', connectionId: shop.connectionId, externalId }, modifiedAt: dayOf(1), name: domain, domain, known: [], associations: [],
      })]);
    }
    expect(amountsOf(await shop.report({ models: 'linear' }))).toEqual({ mail: { linear: 5_000 }, fair: { linear: 5_000 } });
  });
});
