import { dayNumberOf, dayOf, type JourneySteps } from './journey.ts';
import { entryOf, newMap } from './keyed-entries.ts';
import { keysOf, type TouchDimension, touchDimensions } from './touch-dimensions.ts';

/** States of a Markov chain beside those of keys, which begin with `=`. */
export const chainStates = { start: '>', conversion: '$', nothing: '!' } as const;

/** In the place of the connection of a journey that has no deal. */
export const noAccount = '00000000-0000-0000-0000-000000000000';

/** How often journeys of one day took a step. */
export interface StepSum {
  readonly dimension: TouchDimension;
  readonly from: string;
  readonly to: string;
  /** Connection that the deal is at; `noAccount` of a journey without one. */
  readonly account: string;
  readonly day: string;
  readonly count: number;
}

/** How often a step was taken, by where it begins and where it leads. */
type Counts = Map<string, Map<string, number>>;
type CountsByDimension = Readonly<Record<TouchDimension, Counts>>;

/** Counts the steps of journeys. */
export class StepSums {
  /** By account, then day. */
  readonly #days = new Map<string, Map<number, CountsByDimension>>();
  readonly #states = new Map<string, string>();

  /** Those that are not none. */
  * counts(): Generator<StepSum> {
    for (const [account, byDay] of this.#days) {
      for (const [dayNumber, byDimension] of byDay) {
        const day = dayOf(dayNumber);
        for (const dimension of touchDimensions) {
          for (const [from, targets] of byDimension[dimension]) for (const [to, count] of targets) if (count !== 0) yield { dimension, account, day, from, to, count };
        }
      }
    }
  }

  /** @param by 1 to add a journey, -1 to take back what it added */
  add(steps: JourneySteps, { account, atMs, end }: { readonly account: string; readonly atMs: number; readonly end: string }, by: 1 | -1): void {
    const byDimension = entryOf(entryOf(this.#days, account, newMap<number, CountsByDimension>), dayNumberOf(atMs), noCounts);
    for (const dimension of touchDimensions) {
      const counts = byDimension[dimension];
      let from: string = chainStates.start;
      for (const key of keysOf(steps, dimension)) {
        const to = this.#stateOf(key);
        count(counts, { from, to }, by);
        from = to;
      }
      count(counts, { from, to: end }, by);
    }
  }

  #stateOf(key: string): string {
    return entryOf(this.#states, key, () => `=${key}`);
  }
}

function noCounts(): CountsByDimension {
  return { channel: new Map(), campaign: new Map(), product: new Map() };
}

function count(counts: Counts, { from, to }: Pick<StepSum, 'from' | 'to'>, by: number): void {
  const targets = entryOf(counts, from, newMap<string, number>);
  targets.set(to, (targets.get(to) ?? 0) + by);
}
