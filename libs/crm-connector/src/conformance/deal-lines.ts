import { randomUUID } from 'node:crypto';
import type { DealLine } from '@crossdock/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DealLineWriter } from '../records/deal-lines.ts';
import { CrmSuite, type CrmWorld } from './crm-world.ts';

/** A line item as people at the CRM see it; the total is in minor units. */
export interface LineAtCrm {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  readonly totalMinor: number;
}

/** A world whose CRM has line items. */
export interface LinesWorld extends CrmWorld {
  /** The line items of a deal, in any order. */
  linesOf(dealId: string): Promise<readonly LineAtCrm[]>;
  /** A person gives a deal a line item. */
  addLine(dealId: string, name: string): Promise<void>;
}

const line = (key: string, quantity: number, amountMinor: number, more: Partial<DealLine> = {}): DealLine =>
  ({ key, name: `Item ${key}`, quantity, unitPrice: { amountMinor, currency: 'EUR' }, ...more });

/** What every connector that keeps deals' lines as line items of its CRM must hold to. */
export function describeDealLines(name: string, build: () => Promise<LinesWorld>): void {
  describe(`line items at ${name}`, () => {
    let suite: CrmSuite;
    let world: LinesWorld;
    beforeAll(async () => {
      world = await build();
      suite = new CrmSuite(world);
    }, 60_000);
    afterAll(() => world.stop());

    const writer = (): DealLineWriter => {
      const { dealLines } = world.connector;
      if (!dealLines) throw new Error(`The connector of ${name} writes no lines.`);
      return dealLines;
    };
    const aDeal = async () => ({ dealId: await suite.create('deal', suite.deal()), owner: randomUUID() });
    const write = (deal: { dealId: string; owner: string }, lines: readonly DealLine[], isNew = false) =>
      writer().write(world.connection, [{ ...deal, lines, isNew }], suite.signal);
    const told = async (dealId: string) => (await world.linesOf(dealId)).map(({ name: what, quantity, totalMinor }) => `${quantity} ${what} ${totalMinor}`).sort();
    const sum = async (dealId: string) => (await world.linesOf(dealId)).reduce((all, { totalMinor }) => all + totalMinor, 0);

    it('are the lines of the deal, one that costs nothing among them, and the same ones when they are told again', async () => {
      const deal = await aDeal();
      const lines = [line('a', 2, 1_250, { sku: 'TEA-1' }), line('b', 1, 0), line('c', 3, 333)];
      expect(await write(deal, lines, true)).toEqual(['written']);
      const first = await world.linesOf(deal.dealId);
      expect(await told(deal.dealId)).toEqual(['1 Item b 0', '2 Item a 2500', '3 Item c 999']);
      expect(await write(deal, lines)).toEqual(['written']);
      expect((await world.linesOf(deal.dealId)).map(({ id }) => id).sort()).toEqual(first.map(({ id }) => id).sort());
    });

    it('follow when the lines change, one is removed and one comes, and go when none is left', async () => {
      const deal = await aDeal();
      await write(deal, [line('a', 2, 1_250), line('b', 1, 500)], true);
      await write(deal, [line('a', 5, 1_000, { name: 'Tea' }), line('c', 1, 700)]);
      expect(await told(deal.dealId)).toEqual(['1 Item c 700', '5 Tea 5000']);
      await write(deal, []);
      expect(await told(deal.dealId)).toEqual([]);
    });

    it('come to what the deal is worth where a line takes something off, and when that ends', async () => {
      const deal = await aDeal();
      await write(deal, [line('a', 2, 1_250), line('b', 1, 300), line('refunded', 1, -2_600)], true);
      expect(await sum(deal.dealId)).toBe(200);
      await write(deal, [line('a', 2, 1_250), line('b', 1, 300)]);
      expect(await told(deal.dealId)).toEqual(['1 Item b 300', '2 Item a 2500']);
    });

    it('leave those of others on the deal alone: of people, and of another order that was merged into it', async () => {
      const deal = await aDeal();
      await world.addLine(deal.dealId, 'Advice');
      await write({ ...deal, owner: randomUUID() }, [line('a', 1, 900)]);
      await write(deal, [line('a', 1, 100)]);
      await write(deal, [line('b', 1, 200)]);
      expect(await told(deal.dealId)).toEqual(expect.arrayContaining([expect.stringContaining('Advice'), '1 Item a 900', '1 Item b 200']));
      expect(await world.linesOf(deal.dealId)).toHaveLength(3);
    });

    it('are written for many deals at once, one of many lines among them', async () => {
      const deals = await Promise.all([aDeal(), aDeal(), aDeal()]);
      const lines = [Array.from({ length: 130 }, (_, index) => line(String(index), 1 + index % 3, index)), [line('a', 1, 100)], [line('a', 1, 200), line('b', 2, 200)]];
      const asked = deals.map((deal, index) => ({ ...deal, lines: lines[index] ?? [], isNew: true }));
      expect(await writer().write(world.connection, asked, suite.signal)).toEqual(['written', 'written', 'written']);
      expect(await Promise.all(deals.map(async ({ dealId }) => (await world.linesOf(dealId)).length))).toEqual([130, 1, 2]);
      expect(await writer().write(world.connection, asked.map((deal) => ({ ...deal, isNew: false, lines: deal.lines.slice(0, 1) })), suite.signal)).toHaveLength(3);
      expect(await Promise.all(deals.map(async ({ dealId }) => (await world.linesOf(dealId)).length))).toEqual([1, 1, 1]);
    });

    it('are completed by the next try where the CRM broke off, and none is doubled', async () => {
      const deal = await aDeal();
      const lines = [line('a', 1, 100), line('b', 1, 200)];
      await world.fail('down', 50);
      const [failed] = await write(deal, lines);
      expect(failed).toMatchObject({ kind: 'transient' });
      await world.clearFaults();
      expect(await write(deal, lines)).toEqual(['written']);
      expect(await told(deal.dealId)).toEqual(['1 Item a 100', '1 Item b 200']);
    });
  });
}
