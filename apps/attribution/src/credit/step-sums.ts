import type { JourneySteps } from './journey.ts';
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

/** Counts the steps of journeys. */
export class StepSums {
  /** By dimension, account and day, then by where a step begins and where it leads. */
  readonly #steps = new Map<string, Pick<StepSum, 'dimension' | 'account' | 'day'> & { readonly from: Map<string, Map<string, number>> }>();
  readonly #states = new Map<string, string>();

  /** Those that are not none. */
  * counts(): Generator<StepSum> {
    for (const { from: steps, ...rest } of this.#steps.values()) {
      for (const [from, targets] of steps) for (const [to, count] of targets) if (count !== 0) yield { ...rest, from, to, count };
    }
  }

  /** @param by 1 to add a journey, -1 to take back what it added */
  add(steps: JourneySteps, { account, day, end }: { readonly account: string; readonly day: string; readonly end: string }, by: 1 | -1): void {
    for (const dimension of touchDimensions) {
      const counts = this.#stepsOf({ dimension, account, day });
      let from: string = chainStates.start;
      for (const key of keysOf(steps, dimension)) {
        const to = this.#stateOf(key);
        count(counts, { from, to }, by);
        from = to;
      }
      count(counts, { from, to: end }, by);
    }
  }

  #stepsOf(of: Pick<StepSum, 'dimension' | 'account' | 'day'>): Map<string, Map<string, number>> {
    const name = `${of.dimension}\n${of.day}\n${of.account}`;
    const known = this.#steps.get(name);
    if (known) return known.from;
    const from = new Map<string, Map<string, number>>();
    this.#steps.set(name, { ...of, from });
    return from;
  }

  #stateOf(key: string): string {
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state = `=${key}`;
    this.#states.set(key, state);
    return state;
  }
}

function count(counts: Map<string, Map<string, number>>, { from, to }: Pick<StepSum, 'from' | 'to'>, by: number): void {
  const targets = counts.get(from);
  if (targets) targets.set(to, (targets.get(to) ?? 0) + by);
  else counts.set(from, new Map([[to, by]]));
}
