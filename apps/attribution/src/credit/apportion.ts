/** Shares are compared in units of this size, far below a minor unit of any revenue. */
const weightUnits = 2 ** 50;

/**
 * Splits an integer amount in proportion to weights so that the parts sum to it exactly (largest-remainder method, also known as
 * Hamilton's). Of equal remainders the earlier part gets the odd unit.
 * @param total amount in minor units; a negative one is split like its absolute value
 * @param weights from 0, one a part; nothing is given where all are 0
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const largest = Math.max(0, ...weights);
  if (largest === 0) return weights.map(() => 0);
  const units = weights.map((weight) => BigInt(Math.round((weight / largest) * weightUnits)));
  const sum = units.reduce((a, b) => a + b, 0n);
  const magnitude = BigInt(Math.abs(total));
  const parts = units.map((unit, index) => {
    const exact = magnitude * unit;
    return { index, whole: exact / sum, remainder: exact % sum };
  });
  const oddUnits = magnitude - parts.reduce((given, { whole }) => given + whole, 0n);
  const favoured = new Set(
    parts
      .toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1))
      .slice(0, Number(oddUnits))
      .map(({ index }) => index),
  );
  return parts.map(({ index, whole }) => {
    const part = Number(whole) + (favoured.has(index) ? 1 : 0);
    return total < 0 && part > 0 ? -part : part;
  });
}
