import { sharesOfTouches, type TouchModel, touchModels } from '@crossdock/attribution-models';
import { apportion } from './apportion.ts';
import { type Journey, JourneyPath } from './journey.ts';

/** The models that share out each deal by itself. Shapley is among them: each journey's channels share alike (docs/attribution-models.md). */
export const dealModels = [...touchModels, 'shapley'] as const;
export type DealModel = (typeof dealModels)[number];

/** A conversion is shared out in parts of this size, so that sums of parts are exact in whatever order they are added. */
export const partsPerConversion = 1_000_000_000;

/** What one journey's touches get by one model, touch by touch; both columns sum to the whole exactly. */
export interface TouchCredits {
  readonly amountsMinor: readonly number[];
  readonly parts: readonly number[];
}

/** Shares a journey's revenue and its one conversion among its touches; nothing where there are none. */
export function creditTouches(journey: Journey, model: DealModel, halfLifeDays: number, path = new JourneyPath(journey)): TouchCredits {
  const shares = model === 'shapley' ? equalByKey(journey.steps.channels) : sharesOfTouches(path, model satisfies TouchModel, { halfLifeDays });
  return { amountsMinor: apportion(journey.revenue.amountMinor, shares), parts: apportion(partsPerConversion, shares) };
}

/** Each key the same, and within it each of its touches. */
function equalByKey(keys: readonly string[]): number[] {
  const distinct = new Set(keys).size;
  return keys.map((key) => 1 / distinct / keys.filter((other) => other === key).length);
}
