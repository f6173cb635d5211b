import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContactState, DealState } from '@crossdock/contracts';
import fc from 'fast-check';
import { amountsOf, type AttributionTenant, AttributionWorld, dayOf } from '../attribution-world.fixture.ts';
import { type Fact, factOfCompany, factOfContact, factOfDeal, factOfOrder } from '../fact.ts';
import { explainIdentity, findIdentity, insertException, removeException } from './identity-explanation.ts';

let world: AttributionWorld;
beforeAll(async () => {
  world = await AttributionWorld.start();
});
afterAll(() => world.stop());

function contactFact(shop: AttributionTenant, externalId: string, fields: Partial<ContactState>): Fact {
  return factOfContact({
    source: { vendor: 'hubspot', connectionId: shop.connectionId, externalId }, modifiedAt: dayOf(1), known: ['email', 'phone'], associations: [], ...fields,
  });
}

function contact(shop: AttributionTenant, externalId: string, fields: Partial<ContactState>): Promise<unknown> {
  return shop.tellFacts(() => [contactFact(shop, externalId, fields)]);
}

const contactsOf = (...ids: string[]) => ({ contacts: ids.map((externalId) => ({ externalId })) });
const mailOf = async (shop: AttributionTenant): Promise<number> => amountsOf(await shop.report({ models: 'linear' }))['mail']?.['linear'] ?? 0;

describe('who is one person', () => {
  it('is said by e-mails, phone numbers and the CRM’s ids, however late', async () => {
    const shop = world.tenant();
    await shop.touch(5, { person: '', contactPhone: '+4915112345678' });
    await shop.takeDeal('1', contactsOf('7'));
    expect(await mailOf(shop)).toBe(0);
    await contact(shop, '7', { phone: '+4915112345678' });
    expect(await mailOf(shop)).toBe(10_000);
    const explained = await shop.read(async (manager) => explainIdentity(manager, await findIdentity(manager, 'phone:+4915112345678') ?? ''));
    expect(explained).toMatchObject({
      keys: [`contact:${shop.connectionId}/7`, 'phone:+4915112345678'],
      because: [{ source: `contact:${shop.connectionId}/7`, one: `contact:${shop.connectionId}/7`, other: 'phone:+4915112345678', reason: 'the contact has this phone number' }],
      notCounted: [], exceptions: [],
    });
  });

  it('is undone when the record says otherwise, or somebody takes the merge back, and done again', async () => {
    const shop = world.tenant();
    await shop.touch(5, { person: 'ada' });
    await shop.takeDeal('1', contactsOf('7'));
    await contact(shop, '7', { email: 'ada@example.com' });
    expect(await mailOf(shop)).toBe(10_000);
    await contact(shop, '7', { email: 'grace@example.com', modifiedAt: dayOf(2) });
    expect(await mailOf(shop)).toBe(0);
    await contact(shop, '7', { email: 'ada@example.com', modifiedAt: dayOf(3) });
    expect(await mailOf(shop)).toBe(10_000);
    const exception = { one: 'email:ada@example.com', other: `contact:${shop.connectionId}/7`, note: 'typed in by mistake' };
    const id = await shop.within((manager) => insertException(manager, exception));
    await shop.follow({ relinked: [exception.one] });
    expect(await mailOf(shop)).toBe(0);
    expect(await shop.read(async (manager) => explainIdentity(manager, await findIdentity(manager, exception.one) ?? ''))).toMatchObject({
      keys: [exception.one], because: [], notCounted: [{ other: exception.one }], exceptions: [{ id, note: 'typed in by mistake' }],
    });
    await shop.within((manager) => removeException(manager, id));
    await shop.follow({ relinked: [exception.one] });
    expect(await mailOf(shop)).toBe(10_000);
  });

  it('goes along when contacts are merged, in a circle too', async () => {
    const shop = world.tenant();
    await shop.touch(5, { person: 'ada' });
    await contact(shop, '1', { email: 'ada@example.com' });
    await shop.takeDeal('1', contactsOf('3'));
    for (const [from, into] of [['1', '2'], ['2', '3'], ['3', '1']] as const) {
      await shop.tell((facts, manager) => facts.takeGone(manager, {
        vendor: 'hubspot', connectionId: shop.connectionId, object: 'contact', externalId: from, gone: 'merged', mergedInto: into, noticedAt: dayOf(2),
      }));
    }
    expect(await mailOf(shop)).toBe(10_000);
  });

  it('is said by the contact itself rather than by a deal that names it', async () => {
    const shop = world.tenant();
    await shop.touch(5, { person: 'ada' });
    await shop.takeDeal('1', { contacts: [{ externalId: '7', email: 'ada@example.com' }] });
    expect(await mailOf(shop)).toBe(10_000);
    await contact(shop, '7', { email: 'grace@example.com' });
    expect(await mailOf(shop)).toBe(0);
  });

  it('counts a company’s touches for its deal without a contact, and an open domain’s for nobody', async () => {
    const shop = world.tenant();
    const company = { source: { vendor: 'hubspot' as const, connectionId: shop.connectionId, externalId: '5' }, modifiedAt: dayOf(1), name: 'Acme', known: ['domain'], associations: [] };
    await shop.touch(5, { person: '', contactEmail: 'ada@acme.example' });
    await shop.touch(6, { person: '', companyDomain: 'acme.example', channel: 'web' });
    await shop.touch(7, { person: '', contactEmail: 'ada@gmail.com', channel: 'fair' });
    await shop.takeDeal('1', { contacts: [], associations: [{ object: 'company', externalId: '5' }] });
    await shop.tellFacts(() => [factOfCompany({ ...company, domain: 'acme.example' })]);
    expect(amountsOf(await shop.report({ models: 'linear' }))).toMatchObject({ mail: { linear: 5_000 }, web: { linear: 5_000 }, fair: { linear: 0 } });
    await shop.tellFacts(() => [factOfCompany({ ...company, domain: 'gmail.com', modifiedAt: dayOf(2) })]);
    expect(amountsOf(await shop.report({ models: 'linear' }))).toMatchObject({ mail: { linear: 0 }, web: { linear: 0 }, fair: { linear: 0 } });
  });

  it('works out anew only what a link bears on', async () => {
    const shop = world.tenant();
    for (const person of ['ada', 'grace']) await shop.touch(5, { person });
    await shop.settled();
    for (const [id, person] of [['1', 'ada'], ['2', 'grace']] as const) {
      await shop.win(id, [person]);
      await shop.settled();
    }
    await contact(shop, 'ada', { email: 'ada@example.com', phone: '+491' });
    await shop.touch(6, { person: '', contactPhone: '+491' });
    expect((await shop.dealReport('1'))?.result).toMatchObject({ revision: 2 });
    expect((await shop.dealReport('2'))?.result).toMatchObject({ revision: 1 });
  });

  it('and what they are credited with do not depend on the order in which anything was told, nor on what was told together', async () => {
    const connectionId = randomUUID();
    await fc.assert(fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (random) => {
      const reports = await Promise.all([0, 1].map(async () => {
        const shop = world.tenant();
        const source = (externalId: string) => ({ vendor: 'hubspot' as const, connectionId, externalId });
        const [orderId, shipmentId] = [randomUUID(), randomUUID()];
        const order = {
          source: { vendor: 'woocommerce' as const, connectionId, externalId: '9' }, modifiedAt: dayOf(15), number: '9', status: 'completed' as const,
          total: { amountMinor: 3_000, currency: 'EUR' }, placedAt: dayOf(15), customer: { email: 'grace@example.com', phone: '+492' }, lines: [],
          refunds: [{ externalId: '1', amount: { amountMinor: 500, currency: 'EUR' } }],
        };
        const deal = (externalId: string, fields: Partial<DealState>) => () => factOfDeal(shop.deal(externalId, { source: source(externalId), ...fields }));
        const facts: Array<() => Fact> = [
          () => contactFact(shop, 'a', { source: source('a'), phone: '+491', email: 'ada@example.com' }),
          () => contactFact(shop, 'a', { source: source('a'), phone: '+499', modifiedAt: '2026-02-01T00:00:00.000Z' }),
          () => contactFact(shop, 'b', { source: source('b'), email: 'joan@example.com', mergedFrom: ['a'], modifiedAt: dayOf(3) }),
          deal('1', { contacts: [{ externalId: 'b' }], status: 'open', modifiedAt: dayOf(10), closedAt: undefined }),
          deal('1', { contacts: [{ externalId: 'b' }], modifiedAt: dayOf(20) }),
          deal('1', { contacts: [{ externalId: 'b' }], modifiedAt: dayOf(22), amount: { amountMinor: 7_001, currency: 'EUR' } }),
          deal('2', { contacts: [{ externalId: 'x', email: 'grace@example.com' }], externalKey: orderId, modifiedAt: dayOf(17), amount: { amountMinor: 2_400, currency: 'EUR' }, closedAt: dayOf(17) }),
          () => factOfOrder({ orderId, order }),
          () => factOfOrder({ orderId, order: { ...order, status: 'processing', modifiedAt: dayOf(14), refunds: [] } }),
        ];
        const events: Array<() => Promise<unknown>> = [
          () => shop.deliver(shipmentId, 2, { contactEmail: 'ada@example.com', campaign: 'spring' }),
          () => shop.touch(3, { id: 'a', person: '', contactPhone: '+491', channel: 'web' }),
          () => shop.touch(4, { id: 'b', person: 'grace', channel: 'fair' }),
          () => shop.touch(5, { id: 'c', person: '', contactPhone: '+492', channel: 'web' }),
          () => shop.touch(25, { id: 'd', person: 'ada', channel: 'after' }),
          () => shop.tell((facts, manager) => facts.takeGone(manager, { vendor: 'hubspot', connectionId, object: 'deal', externalId: '2', gone: 'archived', noticedAt: dayOf(18) })),
        ];
        const shuffle = <Item>(items: readonly Item[]): Item[] =>
          items.map((item) => ({ item, rank: Number(random.next().value) })).sort((a, b) => a.rank - b.rank).map(({ item }) => item);
        // What came together is stored together.
        const batches = Object.values(Object.groupBy(shuffle([...facts, ...facts]), () => String(Math.floor(Number(random.next().value) * 6)))).map((batch = []) =>
          () => shop.tellFacts(() => batch.map((fact) => fact())));
        for (const event of shuffle([...events, ...events, ...batches])) await event();
        return shop.report();
      }));
      expect(reports[1]?.rows).toEqual(reports[0]?.rows);
      expect(reports[1]?.unattributed).toEqual(reports[0]?.unattributed);
      const linear = reports[0]?.rows.flatMap(({ credits }) => credits.filter(({ model }) => model === 'linear').flatMap(({ revenue }) => revenue)) ?? [];
      // The deal of 70.01, and the order's 25.00 that are left, since its deal is gone.
      expect(linear.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(9_501);
    }), { numRuns: 6 });
  }, 180_000);
});
