import type { ChannelCredits } from './channel-credits.ts';
import type { JourneyTable } from './journey-table.ts';

/**
 * The Shapley value of each channel in the game whose worth of a set of channels S is what the journeys brought whose
 * channels all lie within S.
 *
 * That worth is a sum over journeys of games worth something to just those sets that hold all channels of the journey. In such a
 * game all those channels are alike and the others bring nothing, so that by Shapley's axioms they share its worth equally; and
 * the value of a sum of games is the sum of their values. So one pass over the journeys gives the exact value for any
 * number of channels, and no coalition needs to be listed or sampled.
 */
export function shapleyCredits(table: JourneyTable): ChannelCredits {
  const credits = { conversions: new Float64Array(table.channels.length), values: new Float64Array(table.channels.length) };
  // The journey that a channel was last seen in, so that a channel counts once a journey.
  const lastSeen = new Int32Array(table.channels.length).fill(-1);
  const distinct = new Uint16Array(table.channels.length);
  for (let journey = 0; journey < table.journeyCount; journey += 1) {
    const conversions = table.conversions[journey] ?? 0;
    const value = table.values[journey] ?? 0;
    if (conversions === 0 && value === 0) continue;
    let count = 0;
    const end = table.offsets[journey + 1] ?? 0;
    for (let touch = table.offsets[journey] ?? 0; touch < end; touch += 1) {
      const channel = table.touches[touch] ?? 0;
      if (lastSeen[channel] === journey) continue;
      lastSeen[channel] = journey;
      distinct[count] = channel;
      count += 1;
    }
    for (let index = 0; index < count; index += 1) {
      const channel = distinct[index] ?? 0;
      credits.conversions[channel] = (credits.conversions[channel] ?? 0) + conversions / count;
      credits.values[channel] = (credits.values[channel] ?? 0) + value / count;
    }
  }
  return credits;
}
