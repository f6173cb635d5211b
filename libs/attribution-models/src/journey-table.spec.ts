import { describe, expect, it } from '@jest/globals';
import { JourneyTableBuilder } from './journey-table.ts';

const once = { conversions: 1, value: 2.5, nulls: 0 };

describe('a table of journeys', () => {
  it('keeps every journey, however many there are and however long', () => {
    const builder = new JourneyTableBuilder();
    for (let journey = 0; journey < 3_000; journey += 1) {
      builder.add(Array.from({ length: 1 + (journey % 7) }, (_, touch) => `channel ${(journey + touch) % 11}`), { conversions: journey, value: journey / 2, nulls: 1 });
    }
    const { channels, journeyCount, offsets, touches, conversions, values, nulls } = builder.build();
    expect([channels.length, journeyCount, nulls.length]).toEqual([11, 3_000, 3_000]);
    expect([conversions[2_999], values[2_999]]).toEqual([2_999, 1_499.5]);
    expect([...touches.slice(offsets[2_999], offsets[3_000])].map((channel) => channels[channel]))
      .toEqual(Array.from({ length: 1 + (2_999 % 7) }, (_, touch) => `channel ${(2_999 + touch) % 11}`));
  });

  it('refuses a journey without a touch and an outcome that is no count', () => {
    const builder = new JourneyTableBuilder();
    expect(() => builder.add([], once)).toThrow('at least one touch');
    expect(() => builder.add(['A'], { ...once, conversions: -1 })).toThrow('from 0, not -1');
    expect(() => builder.add(['A'], { ...once, nulls: Number.NaN })).toThrow('from 0, not NaN');
    expect(() => builder.add(['A'], { ...once, value: Number.POSITIVE_INFINITY })).toThrow('must be a number');
    expect(builder.build().journeyCount).toBe(0);
  });
});
