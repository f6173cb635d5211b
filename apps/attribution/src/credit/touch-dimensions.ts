import type { JourneySteps } from './journey.ts';

/** Traits of touches by which credits are summed, and where journeys keep them. */
export const touchDimensions = ['channel', 'campaign', 'product'] as const;
export type TouchDimension = (typeof touchDimensions)[number];

/** The columns of a journey by dimension; a touch of no campaign or product has an empty key. */
export function keysOf(steps: Pick<JourneySteps, 'channels' | 'campaigns' | 'products'>, dimension: TouchDimension): readonly string[] {
  if (dimension === 'channel') return steps.channels.map(nameOf);
  return (dimension === 'campaign' ? steps.campaigns : steps.products).map((key) => nameOf(key ?? ''));
}

/** A key on one line: line feeds separate the parts of the names by which sums are kept. */
export function nameOf(key: string): string {
  return key.includes('\n') ? key.replaceAll('\n', ' ') : key;
}
