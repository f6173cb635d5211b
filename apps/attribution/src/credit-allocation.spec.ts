import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocateCredit, type CreditableDeal, type Touch } from './credit-allocation.ts';

const closedAt = new Date('2026-03-10T00:00:00.000Z');
const won: CreditableDeal = {
  status: 'won',
  revenue: { amountMinor: 10_000, currency: 'USD' },
  closedAt,
  contactEmails: ['ada@example.com', 'grace@example.com'],
};
const touch = (shipmentId: string, touchedAt: string, contactEmail = 'ada@example.com'): Touch =>
  ({ shipmentId, contactEmail, touchedAt: new Date(touchedAt) });

const anyTouches = fc.uniqueArray(
  fc.record({
    shipmentId: fc.uuid(),
    contactEmail: fc.constantFrom('ada@example.com', 'grace@example.com', 'other@example.com'),
    touchedAt: fc.date({ min: new Date('2026-03-01'), max: new Date('2026-03-20'), noInvalidDate: true }),
  }),
  { selector: ({ shipmentId }) => shipmentId, maxLength: 20 },
);

describe('credit of a deal', () => {
  it('sums to the revenue exactly, or is none when no sample counts', () => {
    fc.assert(fc.property(anyTouches, fc.integer({ min: 0, max: 1_000_000_000 }), (touches, amountMinor) => {
      const credits = allocateCredit({ ...won, revenue: { amountMinor, currency: 'USD' } }, touches);
      const sum = credits.reduce((total, credit) => total + credit.amountMinor, 0);
      expect(sum).toBe(credits.length === 0 ? 0 : amountMinor);
    }));
  });

  it('does not depend on the order in which touches became known', () => {
    const shuffled = anyTouches.chain((touches) =>
      fc.tuple(fc.constant(touches), fc.shuffledSubarray(touches, { minLength: touches.length })));
    fc.assert(fc.property(shuffled, ([touches, others]) => {
      expect(allocateCredit(won, others)).toEqual(allocateCredit(won, touches));
    }));
  });

  it('goes only to samples that reached a contact of the deal by its close', () => {
    const credits = allocateCredit(won, [
      touch('at-close', '2026-03-10T00:00:00.000Z'),
      touch('too-late', '2026-03-10T00:00:00.001Z'),
      touch('stranger', '2026-03-02T00:00:00.000Z', 'other@example.com'),
      touch('colleague', '2026-03-03T00:00:00.000Z', 'grace@example.com'),
    ]);
    expect(credits.map(({ shipmentId, amountMinor, share }) => ({ shipmentId, amountMinor, share }))).toEqual([
      { shipmentId: 'colleague', amountMinor: 5000, share: 0.5 },
      { shipmentId: 'at-close', amountMinor: 5000, share: 0.5 },
    ]);
  });

  it('is none for a deal that is open, lost or without revenue', () => {
    const touches = [touch('sample', '2026-03-02T00:00:00.000Z')];
    expect(allocateCredit({ ...won, status: 'open' }, touches)).toEqual([]);
    expect(allocateCredit({ ...won, status: 'lost' }, touches)).toEqual([]);
    expect(allocateCredit({ ...won, revenue: undefined }, touches)).toEqual([]);
    expect(allocateCredit(won, touches)).toHaveLength(1);
  });
});
