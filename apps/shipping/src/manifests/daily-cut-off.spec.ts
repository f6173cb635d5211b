import { describe, expect, it } from '@jest/globals';
import { dailyManifestsSchema, lastCutOff } from './daily-cut-off.ts';

const berlin = { at: '17:30', timeZone: 'Europe/Berlin' };

describe('the time at which a day’s parcels are closed out', () => {
  it('is that of the tenant’s time zone, in summer and in winter', () => {
    expect(lastCutOff(berlin, new Date('2026-07-10T15:29:00Z'))).toEqual({ day: '2026-07-09', today: '2026-07-10' });
    expect(lastCutOff(berlin, new Date('2026-07-10T15:30:00Z'))).toEqual({ day: '2026-07-10', today: '2026-07-10' });
    expect(lastCutOff(berlin, new Date('2026-01-10T16:29:59Z'))).toEqual({ day: '2026-01-09', today: '2026-01-10' });
    expect(lastCutOff({ at: '23:50', timeZone: 'America/Los_Angeles' }, new Date('2026-01-01T08:00:00Z'))).toEqual({ day: '2025-12-31', today: '2026-01-01' });
  });

  it('comes once a day, whatever the clocks do', () => {
    for (const [at, from] of [['02:30', '2026-03-28T00:00:00Z'], ['02:30', '2026-10-24T00:00:00Z'], ['00:00', '2026-10-24T00:00:00Z']] as const) {
      const days = Array.from({ length: 3 * 96 }, (_, slot) => lastCutOff({ at, timeZone: 'Europe/Berlin' }, new Date(Date.parse(from) + slot * 900_000)).day);
      // What was closed out once stays closed out: within an hour that comes twice, the day before may be named again.
      const named = [...new Set(days)];
      expect(named).toEqual(named.toSorted());
      expect(named).toHaveLength(4);
    }
  });

  it('needs a time and a zone that there are', () => {
    const given = { ...berlin, carriers: ['usps'] };
    expect(dailyManifestsSchema.safeParse(given).success).toBe(true);
    for (const wrong of [{ at: '24:00' }, { at: '5 pm' }, { timeZone: 'Berlin' }, { timeZone: '' }, { carriers: [] }]) {
      expect([wrong, dailyManifestsSchema.safeParse({ ...given, ...wrong }).success]).toEqual([wrong, false]);
    }
  });
});
