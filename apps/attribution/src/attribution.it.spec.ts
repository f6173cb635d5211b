import { randomUUID } from 'node:crypto';
import { deterministicId, type Deal, type EventData, type shipmentDelivered } from '@crossdock/contracts';
import { EventInbox } from '@crossdock/event-bus';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { attributionSchema } from './attribution.schema.ts';
import { AttributionService, type Outcome } from './attribution.service.ts';
import { reportDeal, reportSample, type SampleReport } from './reports/credit-report.ts';

const attribution = new AttributionService(new Registry());
let testDatabase: TestDatabase;
let database: TenantDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const url = await testDatabase.migrateService('attribution', [attributionSchema]);
  database = new TenantDatabase(await testDatabase.connect(url, 'attribution'));
});
afterAll(() => testDatabase.drop());

type Take = (manager: EntityManager) => Promise<Outcome>;

/** One tenant, and the same world of contacts and connections for it alone. */
function tenant(tenantId: string = randomUUID()) {
  const connectionId = randomUUID();
  const inbox = new EventInbox(database, 'attribution');
  const hear = async (take: Take, eventId: string = randomUUID()): Promise<Outcome | 'repeat'> => {
    let outcome: Outcome | 'repeat' = 'repeat';
    await inbox.handle({
      specversion: '1.0', id: eventId, source: '/crossdock/test', type: 'test.event.happened.v1', time: new Date().toISOString(),
      subject: 'test', datacontenttype: 'application/json', dataschema: 'urn:test', tenantid: tenantId,
      correlationid: randomUUID(), data: {},
    }, async ({ manager }) => { outcome = await take(manager); });
    return outcome;
  };
  const delivered = (
    shipmentId: string, deliveredAt: string, contactEmail = 'ada@example.com',
  ): EventData<typeof shipmentDelivered> => ({ shipmentId, status: 'delivered', sample: { contactEmail }, deliveredAt });
  const deal = (externalId: string, fields: Partial<Deal> = {}): Deal => ({
    source: { vendor: 'hubspot', connectionId, externalId },
    modifiedAt: '2026-03-10T00:00:00.000Z',
    name: `Deal ${externalId}`,
    status: 'won',
    amount: { amountMinor: 10_000, currency: 'USD' },
    closedAt: '2026-03-10T00:00:00.000Z',
    contacts: [{ externalId: '1', email: 'ada@example.com' }],
    ...fields,
  });
  return {
    tenantId,
    delivered,
    deal,
    dealId: (externalId: string) => deterministicId('deal', tenantId, connectionId, externalId),
    hearDelivery: (event: EventData<typeof shipmentDelivered>, eventId?: string) =>
      hear((manager) => attribution.takeDelivery(manager, event), eventId),
    hearDeal: (event: Deal, eventId?: string) => hear((manager) => attribution.takeDeal(manager, event), eventId),
    hearShipment: (shipmentId: string, contactEmail: string) => hear((manager) => attribution.takeShipment(manager, {
      shipmentId, status: 'label_purchased', sample: { contactEmail, campaign: 'spring' }, carrier: 'usps',
      trackingNumber: '1', createdAt: '2026-03-01T00:00:00.000Z',
    })),
    sample: (shipmentId: string) => database.transaction(tenantId, (manager) => reportSample(manager, shipmentId)),
    reportOf: (externalId: string) =>
      database.transaction(tenantId, (manager) => reportDeal(manager, deterministicId('deal', tenantId, connectionId, externalId))),
  };
}

const totalsOf = (report: SampleReport | undefined) => report?.totals;

describe('attribution', () => {
  it('credits a delivered sample with the revenue of its contact’s deal and shows the path', async () => {
    const shop = tenant();
    const shipmentId = randomUUID();
    await shop.hearShipment(shipmentId, 'Ada@Example.com');
    expect(await shop.sample(shipmentId)).toMatchObject({ campaign: 'spring', credits: [], totals: [] });
    await shop.hearDelivery(shop.delivered(shipmentId, '2026-03-02T00:00:00.000Z', 'Ada@Example.com'));
    await shop.hearDeal(shop.deal('42', { contacts: [{ externalId: '1', email: 'ADA@example.com' }] }));

    expect(await shop.sample(shipmentId)).toMatchObject({
      shipmentId,
      model: 'linear',
      touchedAt: '2026-03-02T00:00:00.000Z',
      credits: [{
        dealId: shop.dealId('42'),
        source: { vendor: 'hubspot', externalId: '42' },
        currency: 'USD',
        amountMinor: 10_000,
        share: 1,
        path: [
          { kind: 'touch', touchId: shipmentId, channel: 'sample', at: '2026-03-02T00:00:00.000Z' },
          { kind: 'deal_won', dealId: shop.dealId('42'), at: '2026-03-10T00:00:00.000Z' },
        ],
      }],
      totals: [{ currency: 'USD', amountMinor: 10_000 }],
    });
  });

  it('shares the revenue of one deal among all its samples to the cent', async () => {
    const shop = tenant();
    const shipments = [randomUUID(), randomUUID(), randomUUID()];
    await shop.hearDeal(shop.deal('42'));
    for (const [day, shipmentId] of shipments.entries()) {
      await shop.hearDelivery(shop.delivered(shipmentId, `2026-03-0${day + 1}T00:00:00.000Z`));
    }
    expect((await shop.reportOf('42'))?.credits.map(({ touchId, amountMinor }) => ({ touchId, amountMinor }))).toEqual([
      { touchId: shipments[0], amountMinor: 3_334 },
      { touchId: shipments[1], amountMinor: 3_333 },
      { touchId: shipments[2], amountMinor: 3_333 },
    ]);
  });

  it('takes the credit back when the deal is reopened or lost, and gives it again when it is won anew', async () => {
    const shop = tenant();
    const shipmentId = randomUUID();
    await shop.hearDelivery(shop.delivered(shipmentId, '2026-03-02T00:00:00.000Z'));
    await shop.hearDeal(shop.deal('42'));
    expect(totalsOf(await shop.sample(shipmentId))).toEqual([{ currency: 'USD', amountMinor: 10_000 }]);
    await shop.hearDeal(shop.deal('42', { status: 'open', modifiedAt: '2026-03-11T00:00:00.000Z' }));
    expect(totalsOf(await shop.sample(shipmentId))).toEqual([]);
    await shop.hearDeal(shop.deal('42', { status: 'lost', modifiedAt: '2026-03-12T00:00:00.000Z' }));
    expect(totalsOf(await shop.sample(shipmentId))).toEqual([]);
    await shop.hearDeal(shop.deal('42', { modifiedAt: '2026-03-13T00:00:00.000Z', amount: { amountMinor: 500, currency: 'EUR' } }));
    expect(totalsOf(await shop.sample(shipmentId))).toEqual([{ currency: 'EUR', amountMinor: 500 }]);
  });

  it('does nothing for a repeated or older event', async () => {
    const shop = tenant();
    const shipmentId = randomUUID();
    const eventId = randomUUID();
    const delivery = shop.delivered(shipmentId, '2026-03-02T00:00:00.000Z');
    expect(await shop.hearDelivery(delivery, eventId)).toBe('applied');
    expect(await shop.hearDelivery(delivery, eventId)).toBe('repeat');
    expect(await shop.hearDelivery(delivery)).toBe('stale');
    expect(await shop.hearDeal(shop.deal('42'))).toBe('applied');
    expect(await shop.hearDeal(shop.deal('42'))).toBe('stale');
    expect(await shop.hearDeal(shop.deal('42', { status: 'open', modifiedAt: '2026-03-09T00:00:00.000Z' }))).toBe('stale');
    expect(totalsOf(await shop.sample(shipmentId))).toEqual([{ currency: 'USD', amountMinor: 10_000 }]);
  });

  it('counts a contact that joins a deal although the deal’s own time stays', async () => {
    const shop = tenant();
    const shipmentId = randomUUID();
    await shop.hearDelivery(shop.delivered(shipmentId, '2026-03-02T00:00:00.000Z'));
    await shop.hearDeal(shop.deal('42', { contacts: [] }));
    expect(totalsOf(await shop.sample(shipmentId))).toEqual([]);
    expect(await shop.hearDeal(shop.deal('42'))).toBe('applied');
    expect(totalsOf(await shop.sample(shipmentId))).toEqual([{ currency: 'USD', amountMinor: 10_000 }]);
  });

  it('leaves shipments that are no samples alone', async () => {
    const shop = tenant();
    const shipmentId = randomUUID();
    expect(await shop.hearDelivery({ shipmentId, status: 'delivered', deliveredAt: '2026-03-02T00:00:00.000Z' })).toBe('not_ours');
    expect(await shop.sample(shipmentId)).toBeUndefined();
  });

  it('comes to the same credit when all events arrive at once, shuffled and twice', async () => {
    const people = ['ada@example.com', 'grace@example.com', 'joan@example.com'];
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0 }), async (seed) => {
      const shop = tenant();
      const shipments = people.flatMap((email) => [{ email, id: randomUUID() }, { email, id: randomUUID() }]);
      const events = [
        ...shipments.map(({ email, id }, day) => () => shop.hearDelivery(shop.delivered(id, `2026-03-0${day + 1}T00:00:00.000Z`, email))),
        ...['a', 'b', 'c'].flatMap((externalId, index) => [
          () => shop.hearDeal(shop.deal(externalId, { status: 'open', modifiedAt: '2026-03-08T00:00:00.000Z' })),
          () => shop.hearDeal(shop.deal(externalId, {
            amount: { amountMinor: 1_000 + index, currency: 'USD' },
            contacts: people.slice(index).map((email) => ({ externalId: email, email })),
          })),
        ]),
      ];
      const [order = []] = fc.sample(fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }), { seed, numRuns: 1 });
      await Promise.all(order.map((event) => event()));

      expect((await shop.reportOf('a'))?.credits.map(({ amountMinor }) => amountMinor)).toEqual([167, 167, 167, 167, 166, 166]);
      expect((await shop.reportOf('b'))?.credits.map(({ amountMinor }) => amountMinor)).toEqual([251, 250, 250, 250]);
      expect((await shop.reportOf('c'))?.credits.map(({ amountMinor }) => amountMinor)).toEqual([501, 501]);
    }), { numRuns: 10 });
  });

  it('keeps tenants apart, even with the same contact', async () => {
    const [shop, other] = [tenant(), tenant()];
    const shipmentId = randomUUID();
    await shop.hearDelivery(shop.delivered(shipmentId, '2026-03-02T00:00:00.000Z'));
    await other.hearDeal(other.deal('42'));
    expect(totalsOf(await shop.sample(shipmentId))).toEqual([]);
    expect(await other.sample(shipmentId)).toBeUndefined();
  });
});
