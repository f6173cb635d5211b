import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { journeyModels } from '@crossdock/attribution-models';
import type { Deal } from '@crossdock/contracts';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { attributionSchema } from '../attribution.schema.ts';
import { AttributionService } from '../attribution.service.ts';
import { toldTouchSchema } from '../touches/touch.ts';
import { reportAsCsv } from './report-csv.ts';
import { reportQuerySchema } from './report-query.ts';
import { reportRevenue, type RevenueReport } from './revenue-report.ts';

const attribution = new AttributionService(new Registry());
let testDatabase: TestDatabase;
let database: TenantDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const url = await testDatabase.migrateService('attribution', [attributionSchema]);
  database = new TenantDatabase(await testDatabase.connect(url, 'attribution'));
});
afterAll(() => testDatabase.drop());

interface Told {
  readonly id: string;
  readonly person: string;
  readonly day: number;
  readonly channel: string;
  readonly campaign?: string;
  readonly costCents?: number;
}

const dayOf = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T00:00:00.000Z`;

function tenant() {
  const tenantId = randomUUID();
  const connectionId = randomUUID();
  const within = <Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> =>
    tenantContext.run({ tenantId, correlationId: randomUUID() }, () => database.transaction(tenantId, work));
  return {
    touch: ({ id, person, day, channel, campaign, costCents }: Told): Promise<void> => within((manager) =>
      attribution.takeTouches(manager, [toldTouchSchema.parse({
        id, kind: 'web', contactEmail: `${person}@example.com`, occurredAt: dayOf(day), channel,
        ...(campaign !== undefined && { campaign }), ...(costCents !== undefined && { cost: { amountMinor: costCents, currency: 'EUR' } }),
      })])),
    win: (externalId: string, persons: readonly string[], fields: Partial<Deal> = {}): Promise<unknown> => within((manager) =>
      attribution.takeDeal(manager, {
        source: { vendor: 'hubspot', connectionId, externalId }, modifiedAt: dayOf(20), name: `Deal ${externalId}`, status: 'won',
        amount: { amountMinor: 10_000, currency: 'EUR' }, closedAt: dayOf(20),
        contacts: persons.map((person) => ({ externalId: person, email: `${person}@example.com` })), ...fields,
      })),
    report: (query: Readonly<Record<string, string>> = {}): Promise<RevenueReport> =>
      within((manager) => reportRevenue(manager, reportQuerySchema.parse(query))),
  };
}

/** Amounts in euros' cents by channel and model. */
function amountsOf({ rows }: RevenueReport): Record<string, Record<string, number>> {
  return Object.fromEntries(rows.map(({ key, credits }) => [
    String(key), Object.fromEntries(credits.map(({ model, revenue }) => [model, revenue.find(({ currency }) => currency === 'EUR')?.amountMinor ?? 0])),
  ]));
}

describe('the report of revenue by channel', () => {
  it('shows the models side by side', async () => {
    const shop = tenant();
    await shop.touch({ id: '1', person: 'ada', day: 6, channel: 'Paid Search', costCents: 250 });
    await shop.touch({ id: '2', person: 'ada', day: 13, channel: 'mail' });
    await shop.touch({ id: '3', person: 'ada', day: 20, channel: 'direct' });
    await shop.touch({ id: '4', person: 'grace', day: 2, channel: 'mail' });
    await shop.win('1', ['ada']);
    const report = await shop.report();
    expect(amountsOf(report)).toEqual({
      direct: { 'first': 0, 'last': 10_000, 'last-non-direct': 0, 'linear': 3_333, 'position': 4_000, 'time-decay': 5_714, 'markov': 4_000, 'shapley': 3_333 },
      mail: { 'first': 0, 'last': 0, 'last-non-direct': 10_000, 'linear': 3_333, 'position': 2_000, 'time-decay': 2_857, 'markov': 4_000, 'shapley': 3_333 },
      'paid search': { 'first': 10_000, 'last': 0, 'last-non-direct': 0, 'linear': 3_334, 'position': 4_000, 'time-decay': 1_429, 'markov': 2_000, 'shapley': 3_334 },
    });
    expect(report.rows.map(({ key, touches, cost }) => ({ key, touches, cost }))).toEqual([
      { key: 'direct', touches: 1, cost: [] }, { key: 'mail', touches: 2, cost: [] },
      { key: 'paid search', touches: 1, cost: [{ amountMinor: 250, currency: 'EUR' }] },
    ]);
  });

  it('answers for the deals won within a period, by campaign, with the models asked for', async () => {
    const shop = tenant();
    await shop.touch({ id: '1', person: 'ada', day: 6, channel: 'mail', campaign: 'spring' });
    await shop.touch({ id: '2', person: 'ada', day: 7, channel: 'mail' });
    await shop.win('1', ['ada']);
    await shop.win('2', ['ada'], { closedAt: dayOf(25), amount: { amountMinor: 500, currency: 'USD' } });
    const report = await shop.report({ by: 'campaign', models: 'linear', from: dayOf(24), to: dayOf(28) });
    expect(report.rows).toEqual([
      { key: 'spring', touches: 0, cost: [], credits: [{ model: 'linear', conversions: 0.5, revenue: [{ amountMinor: 250, currency: 'USD' }] }] },
      { key: null, touches: 0, cost: [], credits: [{ model: 'linear', conversions: 0.5, revenue: [{ amountMinor: 250, currency: 'USD' }] }] },
    ]);
    expect(reportAsCsv(report)).toBe('campaign,touches,model,conversions,currency,amount_minor\nspring,0,linear,0.5,USD,250\n,0,linear,0.5,USD,250\n');
    expect(() => reportQuerySchema.parse({ models: 'linear,guess' })).toThrow('There is no model guess');
  });

  it('takes a touch from one person and gives it to another when it is told anew', async () => {
    const shop = tenant();
    await shop.win('1', ['ada']);
    await shop.win('2', ['grace'], { amount: { amountMinor: 700, currency: 'EUR' } });
    await shop.touch({ id: '1', person: 'ada', day: 6, channel: 'mail' });
    expect(amountsOf(await shop.report())).toMatchObject({ mail: { linear: 10_000, shapley: 10_000 } });
    await shop.touch({ id: '1', person: 'grace', day: 6, channel: 'fair' });
    expect(amountsOf(await shop.report())).toEqual({ fair: Object.fromEntries(journeyModels.map((model) => [model, 700])) });
  });

  it('sums by every model to the revenue of the deals that were touched, whatever came in which order', async () => {
    const persons = ['ada', 'grace', 'joan'];
    // One touch a day: of touches at the same moment the id decides, and that differs between tenants.
    const anyTold = fc.uniqueArray(
      fc.record({ id: fc.uuid(), person: fc.constantFrom(...persons), day: fc.integer({ min: 1, max: 25 }), channel: fc.constantFrom('mail', 'fair', 'direct') }),
      { selector: ({ day }) => day, minLength: 1, maxLength: 12 });
    const anyDeals = fc.array(fc.record({ persons: fc.subarray(persons, { minLength: 1 }), amountMinor: fc.integer({ min: 1, max: 99_999 }) }), { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(anyTold, anyDeals, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (told, deals, random) => {
      const reports = await Promise.all([0, 1].map(async () => {
        const shop = tenant();
        const events = [
          ...told.map((each) => () => shop.touch(each)),
          ...deals.map(({ persons: contacts, amountMinor }, index) => () => shop.win(String(index), contacts, { amount: { amountMinor, currency: 'EUR' } })),
        ];
        const shuffled = events.map((event) => ({ event, rank: Number(random.next().value) })).sort((a, b) => a.rank - b.rank);
        for (const { event } of shuffled) await event();
        return shop.report();
      }));
      expect(reports[1]).toEqual(reports[0]);
      const touched = deals.filter(({ persons: contacts }) => told.some(({ person, day }) => day <= 20 && contacts.includes(person)));
      const revenue = touched.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      for (const model of journeyModels) {
        const sum = Object.values(amountsOf(reports[0] ?? { by: 'channel', rows: [] })).reduce((total, amounts) => total + (amounts[model] ?? 0), 0);
        expect(sum).toBe(revenue);
      }
    }), { numRuns: 15 });
  });
});
