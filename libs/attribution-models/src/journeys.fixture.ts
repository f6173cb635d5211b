import fc from 'fast-check';
import { type JourneyOutcome, type JourneyTable, JourneyTableBuilder } from './journey-table.ts';

export type Journey = JourneyOutcome & { readonly path: string };

/** A table of journeys whose paths are written `A > B`. */
export function tableOf(journeys: readonly Journey[]): JourneyTable {
  const builder = new JourneyTableBuilder();
  for (const { path, ...outcome } of journeys) builder.add(path.split(' > '), outcome);
  return builder.build();
}

/** What one of the columns says, by channel. */
export function byChannel(table: JourneyTable, column: Float64Array): Record<string, number> {
  return Object.fromEntries(table.channels.map((channel, index) => [channel, column[index] ?? Number.NaN]));
}

const anyPath = fc.array(fc.constantFrom('A', 'B', 'C', 'D', 'Direct'), { minLength: 1, maxLength: 7 }).map((path) => path.join(' > '));

/** Journeys of up to five channels, some of which come to nothing. */
export const anyJourneys: fc.Arbitrary<Journey[]> = fc.array(
  fc.record({
    path: anyPath, conversions: fc.nat({ max: 20 }), value: fc.nat({ max: 100_000 }).map((cents) => cents / 100), nulls: fc.nat({ max: 20 }),
  }),
  { minLength: 1, maxLength: 25 },
);
