import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canFollow, progressAfter, type StatusReport } from './shipment-status.machine.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();
const anyReports = fc.array(
  fc.record({
    status: fc.constantFrom('pre_transit', 'in_transit', 'delivered', 'returned', 'failed'),
    occurredAt: fc.integer({ min: 0, max: 10 }).map(at),
  }),
  { maxLength: 12 },
);

describe('shipment status', () => {
  it('does not depend on the order in which reports arrive, nor on repeats', () => {
    const shuffled = anyReports.chain((reports) =>
      fc.tuple(fc.constant(reports), fc.shuffledSubarray([...reports, ...reports], { minLength: 2 * reports.length })));
    fc.assert(fc.property(shuffled, ([reports, others]) => {
      const { status, deliveredAt } = progressAfter(reports);
      expect(progressAfter(others)).toMatchObject({ status, ...(deliveredAt ? { deliveredAt } : {}) });
    }));
  });

  it('never goes backward, whichever report comes next', () => {
    fc.assert(fc.property(anyReports, (reports) => {
      for (let known = 1; known <= reports.length; known += 1) {
        const before = progressAfter(reports.slice(0, known - 1)).status;
        const after = progressAfter(reports.slice(0, known)).status;
        expect(before === after || canFollow(before, after)).toBe(true);
      }
    }));
  });

  it('stays delivered unless the parcel is returned', () => {
    fc.assert(fc.property(anyReports, fc.integer({ min: 0, max: 10 }).map(at), (reports, occurredAt) => {
      const delivered: StatusReport = { status: 'delivered', occurredAt };
      expect(['delivered', 'returned']).toContain(progressAfter([...reports, delivered]).status);
    }));
  });

  it('tells when a parcel was delivered even if it was returned later', () => {
    expect(progressAfter([
      { status: 'returned', occurredAt: at(3) },
      { status: 'delivered', occurredAt: at(2) },
    ])).toMatchObject({ status: 'returned', deliveredAt: at(2) });
  });

  it('keeps delivered when an older transit report comes late', () => {
    expect(progressAfter([
      { status: 'delivered', occurredAt: at(5) },
      { status: 'in_transit', occurredAt: at(4) },
    ]).status).toBe('delivered');
  });

  it('finds a lost parcel again', () => {
    expect(progressAfter([
      { status: 'failed', occurredAt: at(1) },
      { status: 'in_transit', occurredAt: at(2) },
    ]).status).toBe('in_transit');
  });
});
