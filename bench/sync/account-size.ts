import type { BenchContext } from '../bench.ts';

const most = 100_000;
const perSecond = 25_000;

/** So many contacts has an account that is read completely: 100,000 unless the repetitions are to be short. */
export function contactsToRead({ seconds }: Pick<BenchContext, 'seconds'>): number {
  return Math.min(most, seconds * perSecond);
}
