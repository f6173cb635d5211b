import type { ChannelCredits } from './channel-credits.ts';
import {
  type CreditRule, firstTouch, lastNonDirectTouch, lastTouch, linear, positionBased, timeDecay, type TouchPath, wShaped,
} from './credit-rules.ts';
import type { JourneyTable } from './journey-table.ts';
import { markovCredits } from './markov.ts';
import { creditByRule } from './rule-credits.ts';
import { shapleyCredits } from './shapley.ts';

/** The models that share out each conversion among its own touches. */
export const touchModels = ['first', 'last', 'last-non-direct', 'linear', 'position', 'w-shaped', 'time-decay'] as const;
export type TouchModel = (typeof touchModels)[number];

/** The models that look at all journeys together. */
const journeyWideModels = ['markov', 'shapley'] as const;

/** All models that can be computed from a table of journeys. */
export const journeyModels = [...touchModels, ...journeyWideModels] as const;
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
  return creditByRule(table, ruleOf(model, halfLifeDays));
}

/** The part of each touch of one path to a conversion; together 1. */
export function sharesOfTouches(path: TouchPath, model: TouchModel, { halfLifeDays }: Pick<ModelParameters, 'halfLifeDays'>): Float64Array {
  const parts = new Float64Array(path.length);
  if (path.length > 0) ruleOf(model, halfLifeDays)(path, parts);
  return parts;
}

function ruleOf(model: TouchModel, halfLifeDays: number): CreditRule {
  return model === 'time-decay' ? timeDecay(halfLifeDays) : rules[model];
}

const rules: Readonly<Record<Exclude<TouchModel, 'time-decay'>, CreditRule>> = {
  first: firstTouch,
  last: lastTouch,
  'last-non-direct': lastNonDirectTouch,
  linear,
  position: positionBased,
  'w-shaped': wShaped,
};
