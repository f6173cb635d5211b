import { type JourneyTable, JourneyTableBuilder } from '@crossdock/attribution-models';

/** Like what a shop sees: a few channels bring most touches, most journeys are short, most come to nothing. The same ones in each run. */
export function randomJourneys({ journeys, channels, seed }: { readonly journeys: number; readonly channels: number; readonly seed: number }): JourneyTable {
  const random = randomNumbers(seed);
  const names = Array.from({ length: channels }, (_, channel) => `channel ${channel + 1}`);
  const builder = new JourneyTableBuilder();
  for (let journey = 0; journey < journeys; journey += 1) {
    const path: string[] = [];
    do path.push(names[Math.floor(channels * random() ** 2)] ?? 'channel 1'); while (path.length < 20 && random() < 0.7);
    const converts = random() < 0.02 + 0.03 * path.length;
    builder.add(path, { conversions: converts ? 1 : 0, value: converts ? Math.round(10_000 * random()) / 100 : 0, nulls: converts ? 0 : 1 });
  }
  return builder.build();
}

/** The journeys as the CSV that analysts' tools read. */
export function* csvLinesOf(table: JourneyTable): Generator<string> {
  yield 'path,total_conversions,total_conversion_value,total_null\n';
  for (let journey = 0; journey < table.journeyCount; journey += 1) {
    const path = [...table.touches.subarray(table.offsets[journey], table.offsets[journey + 1])].map((channel) => table.channels[channel]).join(' > ');
    yield `${path},${table.conversions[journey] ?? 0},${table.values[journey] ?? 0},${table.nulls[journey] ?? 0}\n`;
  }
}

/** Numbers from 0 to 1 of a linear congruential generator (modulus 2^32, multiplier and increment of Numerical Recipes). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
