import type { ChannelCredits } from './channel-credits.ts';
import { type CreditRule, firstTouch, lastNonDirectTouch, lastTouch, linear, positionBased, timeDecay } from './credit-rules.ts';
import type { JourneyTable } from './journey-table.ts';
import { markovCredits } from './markov.ts';
import { creditByRule } from './rule-credits.ts';
import { shapleyCredits } from './shapley.ts';

/** The models that can be computed from a table of journeys. */
export const journeyModels = ['first', 'last', 'last-non-direct', 'linear', 'position', 'time-decay', 'markov', 'shapley'] as const;
export type JourneyModel = (typeof journeyModels)[number];

export interface ModelParameters {
  /** Of the Markov chain: 1 to 3. */
  readonly order: number;
  /** Of time decay. */
  readonly halfLifeDays: number;
}

export const defaultParameters: ModelParameters = { order: 1, halfLifeDays: 7 };

/** What each channel is credited with by a model. */
export function computeCredits(table: JourneyTable, model: JourneyModel, { order, halfLifeDays }: ModelParameters): ChannelCredits {
  if (model === 'markov') return markovCredits(table, order).credits;
  if (model === 'shapley') return shapleyCredits(table);
  return creditByRule(table, model === 'time-decay' ? timeDecay(halfLifeDays) : rules[model]);
}

const rules: Readonly<Record<Exclude<JourneyModel, 'markov' | 'shapley' | 'time-decay'>, CreditRule>> = {
  first: firstTouch,
  last: lastTouch,
  'last-non-direct': lastNonDirectTouch,
  linear,
  position: positionBased,
};
