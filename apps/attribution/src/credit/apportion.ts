/** Shares are compared in units of this size, far below a minor unit of any revenue. */
const weightUnits = 2 ** 50;
/** Up to this amount doubles tell shares apart to a thousandth of a unit; above it, whole numbers of any length do the work. */
const mostInDoubles = 2 ** 40;

/**
 * Splits an integer amount in proportion to weights so that the parts sum to it exactly (largest-remainder method, also known as
 * Hamilton's). Of equal remainders the earlier part gets the odd unit.
 * @param total amount in minor units; a negative one is split like its absolute value
 * @param weights from 0, one a part; nothing is given where all are 0
 */
export function apportion(total: number, weights: ArrayLike<number>): number[] {
  const shares = Array.from(weights);
  const largest = shares.reduce((most, weight) => Math.max(most, weight), 0);
  if (largest === 0) return shares.map(() => 0);
  const only = shares.findIndex((weight) => weight > 0);
  // Nothing is left over where one part has it all, as in half of the models.
  if (shares.lastIndexOf(largest) === only && shares.every((weight, index) => index === only || weight === 0)) {
    return shares.map((_weight, index) => (index === only ? total : 0));
  }
  const magnitude = Math.abs(total);
  const parts = magnitude <= mostInDoubles ? inDoubles(magnitude, shares) : inIntegers(BigInt(magnitude), shares.map((weight) => weight / largest));
  return total < 0 ? parts.map((part) => (part > 0 ? -part : part)) : parts;
}

function inDoubles(magnitude: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (magnitude * weight) / sum);
  const parts = exact.map(Math.floor);
  return giveOddUnits(parts, magnitude - parts.reduce((a, b) => a + b, 0), exact.map((share, index) => share - (parts[index] ?? 0)));
}

function inIntegers(magnitude: bigint, weights: readonly number[]): number[] {
  const units = weights.map((weight) => BigInt(Math.round(weight * weightUnits)));
  const sum = units.reduce((a, b) => a + b, 0n);
  const whole = units.map((unit) => (magnitude * unit) / sum);
  const oddUnits = Number(magnitude - whole.reduce((a, b) => a + b, 0n));
  return giveOddUnits(whole.map(Number), oddUnits, units.map((unit) => Number((magnitude * unit) % sum) / Number(sum)));
}

/** One unit more to those with the largest remainders. */
function giveOddUnits(parts: number[], oddUnits: number, remainders: readonly number[]): number[] {
  if (oddUnits === 0) return parts;
  const favoured = parts.map((_part, index) => index).sort((a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b);
  for (const index of favoured.slice(0, oddUnits)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
