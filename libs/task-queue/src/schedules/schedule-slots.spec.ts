import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { slotsOf } from './schedule-slots.ts';

const moments = fc.date({ min: new Date('2024-01-01T00:00:00Z'), max: new Date('2032-01-01T00:00:00Z'), noInvalidDate: true });

describe('the slots of a schedule', () => {
  it('names the last and the next slot of a cron expression in UTC', () => {
    const daily = slotsOf({ cron: '30 2 * * *' });
    const moment = new Date('2026-03-29T02:29:59.999Z');
    expect(daily.latest(moment)).toEqual(new Date('2026-03-28T02:30:00Z'));
    expect(daily.next(moment)).toEqual(new Date('2026-03-29T02:30:00Z'));
  });

  it.each([{ cron: '*/5 * * * *' }, { cron: '0 3 1 * *' }, { cron: '15 30 6 * * 1' }, { everyMs: 90_000 }])('leaves no gap and no overlap: %j', (rhythm) => {
    const slots = slotsOf(rhythm);
    fc.assert(fc.property(moments, (moment) => {
      const latest = slots.latest(moment);
      const next = slots.next(moment);
      expect(latest <= moment && moment < next).toBe(true);
      expect(slots.latest(latest)).toEqual(latest);
      expect(slots.next(latest)).toEqual(next);
    }), { numRuns: 60 });
  });

  it.each([{ cron: 'every day' }, { cron: '0 0 30 2 *' }, { everyMs: 10 }])('refuses what makes no rhythm: %j', (rhythm) => {
    expect(() => slotsOf(rhythm)).toThrow();
  });
});
