/**
 * Splits an integer amount in proportion to integer weights so that the parts sum to it exactly (largest-remainder
 * method, also known as Hamilton's). Of equal remainders the earlier part gets the odd unit.
 * @param total amount in minor units; a negative one is split like its absolute value
 * @param weights positive integers, one a part
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + BigInt(b), 0n);
  if (sum === 0n) return weights.map(() => 0);
  const magnitude = BigInt(Math.abs(total));
  const parts = weights.map((weight, index) => {
    const exact = magnitude * BigInt(weight);
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
    const units = Number(whole) + (favoured.has(index) ? 1 : 0);
    return total < 0 && units > 0 ? -units : units;
  });
}
