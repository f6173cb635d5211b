import { describe, expect, it } from '@jest/globals';
import { touchModels } from '@crossdock/attribution-models';
import fc from 'fast-check';
import type { Touch } from '../touches/touch.ts';
import { allocateCredit, type CreditableDeal, type CreditRules } from './credit-allocation.ts';

const won: CreditableDeal = {
  status: 'won',
  revenue: { amountMinor: 10_000, currency: 'USD' },
  closedAt: new Date('2026-03-10T00:00:00.000Z'),
  contactEmails: ['ada@example.com', 'grace@example.com'],
};
const rules: CreditRules = { windowDays: 30, halfLifeDays: 7 };
const touch = (touchId: string, touchedAt: string, contactEmail = 'ada@example.com', channel = 'sample'): Touch =>
  ({ touchId, kind: 'web', contactEmail, channel, touchedAt: new Date(touchedAt) });

const anyTouches = fc.uniqueArray(
  fc.record({
    touchId: fc.uuid(),
    kind: fc.constant('web' as const),
    contactEmail: fc.constantFrom('ada@example.com', 'grace@example.com', 'other@example.com'),
    channel: fc.constantFrom('sample', 'mail', 'direct'),
    touchedAt: fc.date({ min: new Date('2026-01-01'), max: new Date('2026-03-20'), noInvalidDate: true }),
  }),
  { selector: ({ touchId }) => touchId, maxLength: 20 },
);

describe('credit of a deal', () => {
  it('sums to the revenue exactly by every model, or is none when no touch counts', () => {
    fc.assert(fc.property(anyTouches, fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (touches, amountMinor) => {
      const credits = allocateCredit({ ...won, revenue: { amountMinor, currency: 'USD' } }, touches, rules);
      for (const model of touchModels) {
        const sum = credits.filter((credit) => credit.model === model).reduce((total, credit) => total + credit.amountMinor, 0);
        expect(sum).toBe(credits.length === 0 ? 0 : amountMinor);
      }
    }));
  });

  it('does not depend on the order in which touches became known', () => {
    const shuffled = anyTouches.chain((touches) =>
      fc.tuple(fc.constant(touches), fc.shuffledSubarray(touches, { minLength: touches.length })));
    fc.assert(fc.property(shuffled, ([touches, others]) => {
      expect(allocateCredit(won, others, rules)).toEqual(allocateCredit(won, touches, rules));
    }));
  });

  it('goes only to touches that reached a contact of the deal within the window and by its close', () => {
    const credits = allocateCredit(won, [
      touch('at-close', '2026-03-10T00:00:00.000Z'),
      touch('too-late', '2026-03-10T00:00:00.001Z'),
      touch('too-early', '2026-02-07T23:59:59.999Z'),
      touch('just-in-time', '2026-02-08T00:00:00.000Z'),
      touch('stranger', '2026-03-02T00:00:00.000Z', 'other@example.com'),
      touch('colleague', '2026-03-03T00:00:00.000Z', 'grace@example.com'),
    ], rules);
    expect(credits.filter(({ model }) => model === 'linear').map(({ touchId, amountMinor, share }) => ({ touchId, amountMinor, share }))).toEqual([
      { touchId: 'just-in-time', amountMinor: 3_334, share: 1 / 3 },
      { touchId: 'colleague', amountMinor: 3_333, share: 1 / 3 },
      { touchId: 'at-close', amountMinor: 3_333, share: 1 / 3 },
    ]);
  });

  it('knows by time and channel what each model gives', () => {
    const credits = allocateCredit(won, [
      touch('sample', '2026-03-03T00:00:00.000Z'), touch('direct', '2026-03-10T00:00:00.000Z', 'ada@example.com', 'direct'),
    ], rules);
    const amounts = Object.fromEntries(credits.map(({ model, touchId, amountMinor }) => [`${model} ${touchId}`, amountMinor]));
    expect(amounts).toEqual({
      'first sample': 10_000, 'last direct': 10_000, 'last-non-direct sample': 10_000, 'linear sample': 5_000, 'linear direct': 5_000,
      'position sample': 5_000, 'position direct': 5_000, 'time-decay sample': 3_333, 'time-decay direct': 6_667,
    });
  });

  it('is none for a deal that is open, lost or without revenue', () => {
    const touches = [touch('sample', '2026-03-02T00:00:00.000Z')];
    expect(allocateCredit({ ...won, status: 'open' }, touches, rules)).toEqual([]);
    expect(allocateCredit({ ...won, status: 'lost' }, touches, rules)).toEqual([]);
    expect(allocateCredit({ ...won, revenue: undefined }, touches, rules)).toEqual([]);
    expect(allocateCredit(won, touches, rules)).toHaveLength(touchModels.length);
  });
});
