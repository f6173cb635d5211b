import type { Dimension, Model } from './report-search.ts';

export const dimensionNames: Readonly<Record<Dimension, string>> = { channel: 'Channel', campaign: 'Campaign', product: 'Sample', month: 'Month' };

/** `any` where a deal's own trait decides. */
export const modelNames: Readonly<Record<Model | 'any', string>> = {
  'first': 'First touch', 'last': 'Last touch', 'last-non-direct': 'Last, not direct', 'linear': 'Linear', 'position': 'By position', 'w-shaped': 'W-shaped', 'time-decay': 'Time decay',
  'shapley': 'Shapley', 'markov': 'Markov chain', 'any': 'All models',
};

const noKey: Readonly<Record<Dimension, string>> = { channel: 'No channel', campaign: 'No campaign', product: 'No sample', month: 'No month' };

/** A row's key as people read it. */
export function keyName(by: Dimension, key: string | null): string {
  if (key === null || key === '') return noKey[by];
  return by === 'month' ? new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${key}-01T00:00:00Z`)) : key;
}
