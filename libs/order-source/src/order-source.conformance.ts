import type { Connection } from '@crossdock/connections';
import type { FailureKind, Order } from '@crossdock/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OrderSource, ShopOrder } from './order-source.ts';
import type { WebhookTarget } from './order-webhooks.ts';

/** What customers and shopkeepers do in the shop's own pages; amounts are of the currency `USD`, in its minor units. */
export interface ShopPeople {
  /** A customer buys one thing for that much. @returns the order's id */
  buy(amountMinor: number): Promise<string>;
  refund(externalId: string, amountMinor: number): Promise<void>;
  throwAway(externalId: string): Promise<void>;
  takeBack(externalId: string): Promise<void>;
  deleteForGood(externalId: string): Promise<void>;
}

/** A webhook as the shop keeps it. */
export interface KeptWebhook {
  readonly id: string;
  readonly topic: string;
  readonly isActive: boolean;
  readonly url: string;
}

/** A webhook as it came to the hub. */
export interface SentWebhook {
  readonly headers: Record<string, string | string[] | undefined>;
  readonly rawBody: Buffer;
}

/** A shop's stand-in that holds no orders yet, and what a test does to it from its other side. */
export interface OrderSourceWorld {
  readonly source: OrderSource;
  readonly connection: Connection;
  readonly people: ShopPeople;
  /** An id in the shop's form that no order has. */
  readonly unknownId: string;
  /** A status that this shop has not registered. */
  readonly unknownStatus: string;
  /** How many orders a page of a listing holds. */
  readonly pageSize: number;
  /** Where the hub takes webhooks, such as `http://127.0.0.1:4711/webhooks/<vendor>/<connection>`. */
  readonly hubUrl: string;
  webhooks(): Promise<readonly KeptWebhook[]>;
  switchOff(webhookId: string, how: 'paused' | 'disabled'): Promise<void>;
  forget(webhookId: string): Promise<void>;
  /** What has come to the hub since it was asked last, once all is on its way. */
  received(): Promise<readonly SentWebhook[]>;
  notesOf(externalId: string): Promise<readonly string[]>;
  fail(fault: 'rate_limit' | 'down', times: number): Promise<void>;
  /** The shop's keys are taken back. */
  revoke(): Promise<void>;
  stop(): Promise<void>;
}

const secret = 'a secret with & and <';
const nothingDone = { made: [], resumed: [], moved: [], removed: [] };

/** What every order source must hold to. Each vendor's library runs this against its stand-in. */
export function describeOrderSource(name: string, build: () => Promise<OrderSourceWorld>): void {
  describe(`the ${name} order source`, () => {
    let world: OrderSourceWorld;
    let target: WebhookTarget;
    const signal = AbortSignal.timeout(120_000);
    const read = async (externalId: string): Promise<ShopOrder> => {
      const order = await world.source.getOrder(world.connection, externalId, signal);
      if (!order) throw new Error(`The shop has no order ${externalId}.`);
      return order;
    };
    const canonical = async (externalId: string): Promise<Order> => world.source.canonical((await read(externalId)).payload, { connectionId: world.connection.id });
    const changedSince = async (since: string): Promise<ShopOrder[]> => {
      const changed: ShopOrder[] = [];
      for await (const { orders } of world.source.changedOrders(world.connection, since, signal)) changed.push(...orders);
      return changed;
    };
    const lookAfter = () => world.source.lookAfterWebhooks(world.connection, target, signal);

    beforeAll(async () => { world = await build(); });
    afterAll(() => world.stop());
    beforeEach(() => { target = { url: world.hubUrl, secret }; });

    it('reads an order in canonical form, and none that is not there', async () => {
      const id = await world.people.buy(1_250);
      const { vendor, id: connectionId } = world.connection;
      expect(await canonical(id)).toMatchObject({
        source: { vendor, connectionId, externalId: id }, total: { amountMinor: 1_250, currency: 'USD' }, lines: [{ total: { amountMinor: 1_250 } }],
      });
      expect(await world.source.getOrder(world.connection, world.unknownId, signal)).toBeUndefined();
    });

    it('reads an order without a price', async () => {
      expect(await canonical(await world.people.buy(0))).toMatchObject({ total: { amountMinor: 0, currency: 'USD' } });
    });

    it('tells how much of an order was given back, in part and whole', async () => {
      const id = await world.people.buy(2_500);
      await world.people.refund(id, 1_000);
      expect(await canonical(id)).toMatchObject({ total: { amountMinor: 2_500 }, refunds: [{ amount: { amountMinor: 1_000, currency: 'USD' } }] });
      await world.people.refund(id, 1_500);
      expect(await canonical(id)).toMatchObject({ status: 'refunded', total: { amountMinor: 2_500 } });
      expect((await canonical(id)).refunds?.map(({ amount }) => amount.amountMinor).toSorted((a, b) => a - b)).toEqual([1_000, 1_500]);
    });

    it('tells every order that was changed since a time, more than a page of one moment, and what has gone into the bin', async () => {
      const since = new Date(Date.now() - 1_000).toISOString();
      const bought = await Promise.all(Array.from({ length: world.pageSize + 30 }, () => world.people.buy(500)));
      const [binned = ''] = bought;
      await world.people.throwAway(binned);
      const changed = await changedSince(since);
      expect(new Set(changed.map(({ externalId }) => externalId))).toEqual(new Set([...bought, ...changed.map(({ externalId }) => externalId)]));
      expect(bought.filter((id) => !changed.some(({ externalId }) => externalId === id))).toEqual([]);
      expect(changed.filter(({ externalId }) => externalId === binned).map(({ isInBin }) => isInBin)).toEqual([true]);
      expect(await changedSince(new Date(Date.now() + 60_000).toISOString())).toEqual([]);
    });

    it('says up to when all changes were told, never beyond the last one', async () => {
      const id = await world.people.buy(500);
      const { modifiedAt } = await read(id);
      const until: string[] = [];
      for await (const { seenUntil } of world.source.changedOrders(world.connection, modifiedAt, signal)) until.push(...(seenUntil === undefined ? [] : [seenUntil]));
      expect(until.at(-1)).toBe(modifiedAt);
      expect(until.toSorted()).toEqual(until);
    });

    it('lists the orders of a time but those in the bin', async () => {
      const [kept, binned] = [await world.people.buy(500), await world.people.buy(500)];
      await world.people.throwAway(binned);
      const { placedAt } = await canonical(kept);
      const listed: string[] = [];
      const within = { from: placedAt, to: new Date(Date.now() + 1_000).toISOString() };
      for await (const orders of world.source.placedOrders(world.connection, within, signal)) listed.push(...orders.map(({ externalId }) => externalId));
      expect(listed).toContain(kept);
      expect(listed).not.toContain(binned);
      expect(new Set(listed).size).toBe(listed.length);
      const before = { from: '2020-01-01T00:00:00.000Z', to: '2020-01-02T00:00:00.000Z' };
      for await (const orders of world.source.placedOrders(world.connection, before, signal)) expect(orders).toEqual([]);
    });

    it('knows an order in the bin, one that came back, and none that is gone for good', async () => {
      const id = await world.people.buy(500);
      await world.people.throwAway(id);
      expect((await read(id)).isInBin).toBe(true);
      await world.people.takeBack(id);
      expect((await read(id)).isInBin).toBe(false);
      await world.people.deleteForGood(id);
      expect(await world.source.getOrder(world.connection, id, signal)).toBeUndefined();
    });

    it('writes status, custom fields and a note, and the same again changes nothing', async () => {
      const id = await world.people.buy(500);
      const write = { status: 'completed', meta: { crossdock_deal: '42' }, note: 'The deal was won.' } as const;
      await world.source.writeOrder(world.connection, id, write, signal);
      const written = await world.source.writeOrder(world.connection, id, write, signal);
      expect(world.source.canonical(written.payload, { connectionId: world.connection.id }).status).toBe('completed');
      expect(JSON.stringify(written.payload).match(/crossdock_deal/g)).toHaveLength(1);
      expect(await world.notesOf(id)).toEqual(['The deal was won.']);
    });

    it('writes custom fields into more orders than one call takes, and names those that are not there', async () => {
      const ids = await Promise.all(Array.from({ length: world.pageSize + 5 }, () => world.people.buy(500)));
      const fieldsOf = (externalId: string) => ({ externalId, meta: { crossdock_deal: `deal of ${externalId}` } });
      for (const time of ['once', 'again']) {
        const refused = await world.source.writeFields(world.connection, [...ids, world.unknownId].map(fieldsOf), signal);
        expect([time, ...refused].map((each) => (Array.isArray(each) ? [each[0], each[1].kind] : each))).toEqual([time, [world.unknownId, 'not_found']]);
      }
      for (const id of [ids[0] ?? '', ids.at(-1) ?? '']) {
        expect(JSON.stringify((await read(id)).payload).match(new RegExp(`deal of ${id}"`, 'g'))).toHaveLength(1);
      }
    });

    it('refuses to write a status that the shop does not know, and into an order that is not there', async () => {
      const id = await world.people.buy(500);
      await expect(world.source.writeOrder(world.connection, id, { status: world.unknownStatus }, signal)).rejects.toMatchObject({ kind: 'invalid' });
      await expect(world.source.writeOrder(world.connection, world.unknownId, { status: 'completed' }, signal)).rejects.toMatchObject({ kind: 'not_found' });
    });

    it('names the statuses of the shop, those that the hub has words for with these', async () => {
      const statuses = await world.source.describeStatuses(world.connection, signal);
      expect(statuses.map(({ status }) => status)).toEqual(expect.arrayContaining(['pending', 'processing', 'completed', 'cancelled', 'refunded']));
      expect(statuses.map(({ name: word }) => word)).not.toContain(world.unknownStatus);
    });

    describe('looks after webhooks:', () => {
      it('makes them once, and what they tell is believed and read', async () => {
        await lookAfter();
        expect(await lookAfter()).toEqual(nothingDone);
        await world.received();
        const id = await world.people.buy(500);
        await world.people.throwAway(id);
        const told = (await world.received()).filter((webhook) => !world.source.webhooks.isPing(webhook));
        expect(told.map((webhook) => world.source.webhooks.verify(webhook, [secret]))).toEqual(told.map(() => ({ valid: true })));
        expect(told.map((webhook) => world.source.webhooks.verify(webhook, ['another']).valid)).toEqual(told.map(() => false));
        const notices = told.map((webhook) => world.source.webhooks.parse(webhook));
        expect(notices.map((notice) => notice && [notice.change, notice.externalId])).toEqual(expect.arrayContaining([['created', id], ['deleted', id]]));
        expect(new Set(notices.map((notice) => notice?.dedupeId)).size).toBe(told.length);
      });

      it.each(['paused', 'disabled'] as const)('switches one on again that is %s', async (how) => {
        await lookAfter();
        const [first] = await world.webhooks();
        if (!first) throw new Error('The shop has no webhook.');
        await world.switchOff(first.id, how);
        expect(await lookAfter()).toEqual({ ...nothingDone, resumed: [{ topic: first.topic, was: how }] });
        expect((await world.webhooks()).every(({ isActive }) => isActive)).toBe(true);
      });

      it('makes one that is missing, and moves them with the address of the hub', async () => {
        await lookAfter();
        const [first] = await world.webhooks();
        if (!first) throw new Error('The shop has no webhook.');
        await world.forget(first.id);
        expect(await lookAfter()).toEqual({ ...nothingDone, made: [first.topic] });
        const count = (await world.webhooks()).length;
        target = { ...target, url: world.hubUrl.replace('127.0.0.1', 'localhost') };
        expect((await lookAfter()).moved).toHaveLength(count);
        expect((await world.webhooks()).map(({ url }) => url)).toEqual(Array.from({ length: count }, () => target.url));
      });
    });

    // Each has a shop of its own: what these do to it would trouble the other tests.
    it.each([['rate_limit', 'rate_limited'], ['down', 'transient']] as const)('says of a %s that it is %s', async (fault, kind: FailureKind) => {
      const { source, connection, unknownId, hubUrl, ...troubled } = await build();
      await troubled.fail(fault, 50);
      await expect(source.getOrder(connection, unknownId, signal)).rejects.toMatchObject({ kind });
      await expect(source.lookAfterWebhooks(connection, { url: hubUrl, secret }, signal)).rejects.toMatchObject({ kind });
      await troubled.stop();
    });

    it('says that the shop must be connected again when its keys were taken back', async () => {
      const { source, connection, unknownId, ...closed } = await build();
      await closed.revoke();
      await expect(source.getOrder(connection, unknownId, signal)).rejects.toMatchObject({ kind: 'unauthorised' });
      await closed.stop();
    });
  });
}
