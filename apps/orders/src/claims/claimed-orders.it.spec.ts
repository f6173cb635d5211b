import { crmUpsertCompleted, dealChanged, orderReceived, type OrderStatus, type UpsertOutcome } from '@crossdock/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { minutes, OrdersWorld, shopOrder, type ToldEvent } from '../orders.fixture.ts';

let world: OrdersWorld;
beforeAll(async () => {
  world = await OrdersWorld.create();
});
afterAll(() => world.stop());

type Tenant = Awaited<ReturnType<OrdersWorld['tenant']>>;
const orderIds = [1, 2, 3];

/** What may come: of a shop, of a CRM about a deal (because the hub asked, or by itself), and the answers to all that the CRM was asked so far. */
type Step =
  | { readonly told: 'shop'; readonly id: number; readonly minute: number; readonly change: 'created' | 'updated'; readonly status: string; readonly total: string }
  | { readonly told: 'deal'; readonly id: number; readonly minute: number; readonly orderStatus: OrderStatus; readonly isAnswer: boolean; readonly hasKey: boolean }
  | { readonly told: 'answers'; readonly isTaken: boolean };

const anyId = fc.constantFrom(...orderIds);
const anyMinute = fc.integer({ min: 1, max: 9 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    told: fc.constant('shop' as const), id: anyId, minute: anyMinute, change: fc.constantFrom('created', 'updated'),
    status: fc.constantFrom('pending', 'processing', 'completed', 'gift-wrapped'), total: fc.constantFrom('29.35', '30.00'),
  }),
  fc.record({
    told: fc.constant('deal' as const), id: anyId, minute: anyMinute, orderStatus: fc.constantFrom('processing', 'shipped', 'cancelled'), isAnswer: fc.boolean(), hasKey: fc.boolean(),
  }),
  fc.record({ told: fc.constant('answers' as const), isTaken: fc.boolean() }),
);

/** The events of what comes at one time, as the hub stands before. */
async function eventsOf(shop: Tenant, steps: readonly Step[]): Promise<ToldEvent[]> {
  const [requests, verifications, orders] = [await shop.requested(), await shop.verifications(), await shop.ids()];
  return steps.flatMap((step): ToldEvent[] => {
    if (step.told === 'shop') {
      const { id, minute, change, status, total } = step;
      return [{ definition: orderReceived, data: { ...shopOrder(shop.shopId, minute, { id, status, total }), change } }];
    }
    if (step.told === 'answers') {
      const result = (crmId: string): UpsertOutcome => (step.isTaken ? { outcome: 'upserted', crmId, created: true } : { outcome: 'refused', kind: 'invalid', message: 'It does not fit.' });
      return requests.map(({ requestId, vendor, connectionId, record }) => ({
        definition: crmUpsertCompleted,
        data: {
          requestId, vendor, connectionId, object: record.object, result: result(`deal of ${record.object === 'deal' ? record.fields.name : ''}`),
          ...(record.object === 'deal' && record.contact && { contact: result('contact') }),
        },
      }));
    }
    const { id, minute, orderStatus, isAnswer, hasKey } = step;
    const [externalKey, causationId] = [hasKey ? orders.get(String(id)) : undefined, isAnswer ? verifications.at(-1) : undefined];
    return [{
      definition: dealChanged, ...(causationId !== undefined && { causationId }),
      data: {
        source: { vendor: 'hubspot', connectionId: shop.crmConnectionId, externalId: `deal of Order ${id}` }, name: `Order ${id}`, contacts: [], status: 'open', orderStatus,
        modifiedAt: minutes(minute), ...(externalKey !== undefined && { externalKey }),
      },
    }];
  });
}

/** What the hub holds and has said in the end, without what is another in each play: ids and the time of day. */
async function endOf(shop: Tenant): Promise<unknown> {
  const stored = await world.tenants.transaction(shop.tenantId, (manager) => manager.query<Array<Record<string, unknown>>>(
    `SELECT external_id, status, status_since, shop_word, status_known, modified_at, version, canonical - 'source' AS canonical, crm_sync, contact_wanted, deal_wanted, deal_status,
       deal_modified_at, decided_in_crm, deal_words, own_deal_words, verification ->> 'to' AS to_verify, jsonb_array_length(verification -> 'requestIds') AS questions,
       (SELECT jsonb_agg(jsonb_build_array(kind, detail - 'requestId' - 'connectionId') ORDER BY decision_id) FROM order_decision WHERE order_decision.order_id = customer_order.order_id) AS timeline,
       (SELECT jsonb_agg(jsonb_build_array(object, revision, outcome) ORDER BY object, revision) FROM crm_request WHERE crm_request.order_id = customer_order.order_id) AS requests
     FROM customer_order ORDER BY external_id`));
  const changes = (await shop.changes()).map(({ order, crmOrderId }) => [order.number, order.status, order.total.amountMinor, crmOrderId]);
  const requested = (await shop.requested()).map(({ record }) => (record.object === 'deal' ? [record.fields, record.contactIds, record.contact] : [record.fields]));
  return { stored, changes, requested, questions: (await shop.verifications()).length, tasks: await shop.taskKinds() };
}

async function play(batches: ReadonlyArray<readonly Step[]>, isTogether: boolean): Promise<unknown> {
  const shop = await world.tenant();
  const outcomes: string[] = [];
  for (const batch of batches) {
    const events = await eventsOf(shop, batch);
    const calls = isTogether ? [events] : events.map((event) => [event]);
    for (const call of calls.filter(({ length }) => length > 0)) outcomes.push(...await shop.hearTogether(call));
  }
  return { outcomes, ...Object.assign({}, await endOf(shop)) };
}

describe('orders that a transaction changes together', () => {
  it('end as they do where each event comes alone, and the same is said of them', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.array(anyStep, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }), async (batches) => {
      expect(await play(batches, true)).toEqual(await play(batches, false));
    }), { numRuns: 15 });
  }, 240_000);

  it('each keep the event that they followed from', async () => {
    const shop = await world.tenant();
    await shop.hearTogether(orderIds.map((id) => ({ definition: orderReceived, data: shopOrder(shop.shopId, 1, { id }) })));
    const lines = (await Promise.all([...(await shop.ids()).values()].map((id) => shop.storedDecisions(id)))).map((decisions) =>
      [...new Set(decisions.map(({ correlationId, causationId }) => `${correlationId} ${causationId}`))]);
    expect(lines.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(new Set(lines.flat()).size).toBe(3);
  });

  it('are read by one statement and written by one, however many they are', async () => {
    const shop = await world.tenant();
    const sentFor = async (ids: readonly number[], change: 'created' | 'updated', minute: number): Promise<number> => {
      const before = world.statements.sent;
      await shop.hearTogether(ids.map((id) => ({ definition: orderReceived, data: { ...shopOrder(shop.shopId, minute, { id }), change } })));
      return world.statements.sent - before;
    };
    const many = Array.from({ length: 12 }, (_, index) => index + 1);
    await sentFor([100], 'created', 1); // the first order of an account has it followed
    await sentFor([101], 'created', 1);
    expect(await sentFor(many, 'created', 1)).toBe(await sentFor([102], 'created', 1));
    expect(await sentFor(many, 'updated', 2)).toBe(await sentFor([102], 'updated', 2));
  });

  it('are read and written by statements that the database plans once, and not each time', async () => {
    const shop = await world.tenant();
    for (const minute of Array.from({ length: 12 }, (_, index) => index + 1)) {
      await shop.hearTogether(await eventsOf(shop, [
        { told: 'shop', id: 1, minute, change: 'updated', status: 'processing', total: `${minute}.00` },
        { told: 'deal', id: 1, minute, orderStatus: 'processing', isAnswer: false, hasKey: true },
        { told: 'answers', isTaken: true },
      ]));
    }
    const [plans] = await world.tenants.transaction(shop.tenantId, (manager) => manager.query<Array<Record<'once' | 'again', number>>>(
      `SELECT count(*) FILTER (WHERE generic_plans > 0)::int AS once, count(*) FILTER (WHERE custom_plans > 5)::int AS again
       FROM pg_prepared_statements WHERE statement ~ '^WITH (claimed|saved)'`));
    expect(plans?.again).toBe(0);
    expect(plans?.once).toBeGreaterThanOrEqual(2);
  });
});
