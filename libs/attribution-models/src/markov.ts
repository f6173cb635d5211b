import { shareByWeight, sumOf, type ChannelCredits } from './channel-credits.ts';
import type { JourneyTable } from './journey-table.ts';
import { chainOfSteps, type ChainStep, CONVERSION, countChain, type MarkovChain, START } from './markov-chain.ts';

/** What the Markov model says. */
export interface MarkovResult {
  readonly credits: ChannelCredits;
  /** For each channel the part of all conversions that would be lost without it, 0 to 1. */
  readonly removalEffects: Float64Array;
}

/** The least change of a probability that is followed up; double precision ends at about a tenth of it. */
const smallestChange = 1e-15;
const maxSweeps = 1_000_000;

/**
 * Credits channels by their removal effect in an absorbing Markov chain: the chance of a conversion with the channel leading to
 * none, beside the chance with it. Conversions and their value are shared in proportion to the removal effects.
 * @param order how many last touches the next one depends on; 1 to 3
 */
export function markovCredits(table: JourneyTable, order: number): MarkovResult {
  const removalEffects = markovEffects(table, order);
  return { credits: shareByWeight(removalEffects, { conversions: sumOf(table.conversions), value: sumOf(table.values) }), removalEffects };
}

/** For each channel of the table the part of all conversions that would be lost without it, 0 to 1. @param order 1 to 3 */
export function markovEffects(table: JourneyTable, order: number): Float64Array {
  if (!Number.isInteger(order) || order < 1 || order > 3) throw new RangeError(`The order of a Markov chain is 1, 2 or 3, not ${order}.`);
  if (sumOf(table.conversions) === 0) return new Float64Array(table.channels.length);
  return effectsOf(countChain(table, order), table.channels.length);
}

/** The same for a chain of order 1 whose steps were counted elsewhere, by channel. */
export function stepsEffects(steps: readonly ChainStep[]): Map<string, number> {
  const { chain, channels } = chainOfSteps(steps);
  if (!steps.some(({ to, count }) => to === 'conversion' && count > 0)) return new Map(channels.map((channel) => [channel, 0]));
  const effects = effectsOf(chain, channels.length);
  return new Map(channels.map((channel, index) => [channel, effects[index] ?? 0]));
}

function effectsOf(chain: MarkovChain, channelCount: number): Float64Array {
  const withAll = conversionChance(chain, undefined);
  // Rounding may leave a channel that costs nothing a hair below zero.
  return Float64Array.from({ length: channelCount }, (_, channel) => Math.max(0, 1 - conversionChance(chain, channel) / withAll));
}

/**
 * The chance of ending in a conversion, from the start: the solution of one linear equation a state, by Gauss-Seidel
 * iteration. Started from zero it rises to the solution and never passes it, since from every state a journey ends.
 * @param removed channel whose touch ends the journey without a conversion
 */
function conversionChance(chain: MarkovChain, removed: number | undefined): number {
  const chances = new Float64Array(chain.stateCount);
  for (let sweep = 0; sweep < maxSweeps; sweep += 1) {
    let largestChange = 0;
    // States are in the order in which journeys reach them, more or less: backwards, news travels far in one sweep.
    for (let state = chain.stateCount - 1; state >= 0; state -= 1) {
      const chance = chanceFrom(chain, { state, removed, chances });
      largestChange = Math.max(largestChange, Math.abs(chance - (chances[state] ?? 0)));
      chances[state] = chance;
    }
    if (largestChange <= smallestChange) return chances[START] ?? 0;
  }
  throw new RangeError(`The chance of a conversion was not found in ${maxSweeps} rounds: the journeys hardly ever end.`);
}

function chanceFrom(
  chain: MarkovChain, { state, removed, chances }: { state: number; removed: number | undefined; chances: Float64Array },
): number {
  let chance = 0;
  let staying = 0;
  const end = chain.rowStarts[state + 1] ?? 0;
  for (let step = chain.rowStarts[state] ?? 0; step < end; step += 1) {
    const target = chain.targets[step] ?? 0;
    const probability = chain.probabilities[step] ?? 0;
    if (target === CONVERSION) chance += probability;
    else if (target >= 0 && chain.channels[step] !== removed) {
      if (target === state) staying += probability;
      else chance += probability * (chances[target] ?? 0);
    }
  }
  return chance / (1 - staying);
}
