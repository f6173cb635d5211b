import type { JourneyTable } from './journey-table.ts';

/** Where a step of the chain ends instead of in a state. */
export const CONVERSION = -1;
const NO_CONVERSION = -2;

/**
 * A chain counted from journeys. A state is what the last touches were, up to `order` of them (fewer at the beginning of a
 * journey); the first state is the one before any touch. The steps out of state `s` are `rowStarts[s]` to
 * `rowStarts[s + 1] - 1`.
 */
export interface MarkovChain {
  readonly stateCount: number;
  readonly rowStarts: Uint32Array;
  /** State that a step leads to, or CONVERSION or NO_CONVERSION. */
  readonly targets: Int32Array;
  /** Channel touched by a step; -1 where it ends the journey. */
  readonly channels: Int32Array;
  readonly probabilities: Float64Array;
}

/** The state before any touch. */
export const START = 0;

/**
 * Counts how often journeys went from state to state, each journey as often as it occurred, with a conversion or without.
 * @param order how many last touches a state knows; 1 to 3
 */
export function countChain(table: JourneyTable, order: number): MarkovChain {
  const base = table.channels.length + 1;
  const stateCodes = base ** order;
  const stepsPerState = base + 1;
  if (stateCodes * stepsPerState > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`${table.channels.length} channels are too many for a chain of order ${order}: take a lower order or group channels.`);
  }
  // A state is written as a number whose digits are its channels from 1; a step adds what was touched, or how it ended, as one digit more.
  const steps = new StepCounts(stateCodes * stepsPerState);
  for (let journey = 0; journey < table.journeyCount; journey += 1) {
    const conversions = table.conversions[journey] ?? 0;
    const nulls = table.nulls[journey] ?? 0;
    if (conversions + nulls === 0) continue;
    let state = 0;
    const end = table.offsets[journey + 1] ?? 0;
    for (let touch = table.offsets[journey] ?? 0; touch < end; touch += 1) {
      const digit = (table.touches[touch] ?? 0) + 1;
      steps.add(state * stepsPerState + digit, conversions + nulls);
      state = (state * base + digit) % stateCodes;
    }
    if (conversions > 0) steps.add(state * stepsPerState, conversions);
    if (nulls > 0) steps.add(state * stepsPerState + base, nulls);
  }
  return chainOf(steps.sorted(), { base, stateCodes, stepsPerState });
}

/** How often journeys went from one channel to the next, or ended. */
export interface ChainStep {
  /** The channel touched last; undefined before any touch. */
  readonly from: string | undefined;
  readonly to: { readonly channel: string } | 'conversion' | 'nothing';
  readonly count: number;
}

/** The chain of order 1 that these steps make, each named once, and its channels in the order of their numbers. */
export function chainOfSteps(steps: readonly ChainStep[]): { readonly chain: MarkovChain; readonly channels: readonly string[] } {
  const channels = [...new Set(steps.flatMap(({ from, to }) => [...(from === undefined ? [] : [from]), ...(typeof to === 'object' ? [to.channel] : [])]))].sort();
  const digits = new Map(channels.map((channel, index) => [channel, index + 1]));
  const base = channels.length + 1;
  const stepsPerState = base + 1;
  const coded = steps.map(({ from, to, count }) => {
    const digit = to === 'conversion' ? 0 : to === 'nothing' ? base : digits.get(to.channel) ?? 0;
    return [(from === undefined ? 0 : digits.get(from) ?? 0) * stepsPerState + digit, count] as const;
  }).sort(([a], [b]) => a - b);
  return { chain: chainOf(coded, { base, stateCodes: base, stepsPerState }), channels };
}

function chainOf(
  steps: ReadonlyArray<readonly [code: number, count: number]>, { base, stateCodes, stepsPerState }: { base: number; stateCodes: number; stepsPerState: number },
): MarkovChain {
  const stateIndex = new Map<number, number>();
  for (const [code] of steps) {
    const state = Math.floor(code / stepsPerState);
    if (!stateIndex.has(state)) stateIndex.set(state, stateIndex.size);
  }
  const chain = {
    stateCount: stateIndex.size,
    rowStarts: new Uint32Array(stateIndex.size + 1),
    targets: new Int32Array(steps.length),
    channels: new Int32Array(steps.length).fill(-1),
    probabilities: new Float64Array(steps.length),
  };
  const rowTotals = new Float64Array(stateIndex.size);
  steps.forEach(([code, count], step) => {
    const state = Math.floor(code / stepsPerState);
    const row = stateIndex.get(state) ?? START;
    const digit = code % stepsPerState;
    chain.rowStarts[row + 1] = step + 1;
    chain.probabilities[step] = count;
    rowTotals[row] = (rowTotals[row] ?? 0) + count;
    if (digit === 0) chain.targets[step] = CONVERSION;
    else if (digit === base) chain.targets[step] = NO_CONVERSION;
    else {
      chain.targets[step] = stateIndex.get((state * base + digit) % stateCodes) ?? NO_CONVERSION;
      chain.channels[step] = digit - 1;
    }
  });
  for (let row = 0; row < chain.stateCount; row += 1) {
    for (let step = chain.rowStarts[row] ?? 0; step < (chain.rowStarts[row + 1] ?? 0); step += 1) {
      chain.probabilities[step] = (chain.probabilities[step] ?? 0) / (rowTotals[row] ?? 1);
    }
  }
  return chain;
}

/** Eight megabytes of counts. */
const mostSmallCodes = 1_048_576;

/** How often each step was taken; small codes, which are most, in an array. */
class StepCounts {
  readonly #small: Float64Array;
  readonly #large = new Map<number, number>();

  /** @param codes how many codes there are: each is below it */
  constructor(codes: number) {
    this.#small = new Float64Array(Math.min(codes, mostSmallCodes));
  }

  add(code: number, count: number): void {
    if (code < this.#small.length) this.#small[code] = (this.#small[code] ?? 0) + count;
    else this.#large.set(code, (this.#large.get(code) ?? 0) + count);
  }

  /** By code, so that the steps of a state stand together and the state before any touch comes first. */
  sorted(): Array<readonly [code: number, count: number]> {
    const counted: Array<readonly [number, number]> = [];
    this.#small.forEach((count, code) => {
      if (count > 0) counted.push([code, count]);
    });
    return [...counted, ...[...this.#large].sort(([a], [b]) => a - b)];
  }
}
