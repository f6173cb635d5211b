/** What each channel is credited with, in the order of the table's channels. The sums are those of the table. */
export interface ChannelCredits {
  readonly conversions: Float64Array;
  readonly values: Float64Array;
}

/** Shares totals among channels in proportion to weights; nobody gets anything where no channel has a weight. */
export function shareByWeight(weights: Float64Array, totals: { readonly conversions: number; readonly value: number }): ChannelCredits {
  const sum = sumOf(weights);
  const scale = sum === 0 ? 0 : 1 / sum;
  return {
    conversions: weights.map((weight) => weight * scale * totals.conversions),
    values: weights.map((weight) => weight * scale * totals.value),
  };
}

/** The sum of a column. */
export function sumOf(column: Float64Array): number {
  let sum = 0;
  for (const entry of column) sum += entry;
  return sum;
}
