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
  let [sum, largest, givenTo, only] = [0, 0, 0, 0];
  for (let index = 0; index < weights.length; index += 1) {
    const weight = weights[index] ?? 0;
    if (weight === 0) continue;
    sum += weight;
    if (weight > largest) largest = weight;
    givenTo += 1;
    only = index;
  }
  // Nothing is left over where one part has it all, as in half of the models.
  if (givenTo <= 1) {
    const parts = zeros(weights.length);
    if (givenTo === 1) parts[only] = total;
    return parts;
  }
  const magnitude = Math.abs(total);
  const parts = magnitude <= mostInDoubles ? inDoubles(magnitude, weights, sum) : inIntegers(BigInt(magnitude), Array.from(weights, (weight) => weight / largest));
  return total < 0 ? parts.map((part) => (part > 0 ? -part : part)) : parts;
}

function inDoubles(magnitude: number, weights: ArrayLike<number>, sum: number): number[] {
  const [parts, remainders] = [zeros(weights.length), zeros(weights.length)];
  let oddUnits = magnitude;
  for (let index = 0; index < parts.length; index += 1) {
    const exact = (magnitude * (weights[index] ?? 0)) / sum;
    const whole = Math.floor(exact);
    parts[index] = whole;
    remainders[index] = exact - whole;
    oddUnits -= whole;
  }
  return giveOddUnits(parts, oddUnits, remainders);
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
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
  // Mostly there is one, and who gets it is found without sorting.
  const favoured = oddUnits === 1 ? [placeOfLargest(remainders)] : placesByRemainder(remainders).slice(0, oddUnits);
  for (const index of favoured) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}

function placeOfLargest(values: readonly number[]): number {
  let place = 0;
  for (let index = 1; index < values.length; index += 1) if ((values[index] ?? 0) > (values[place] ?? 0)) place = index;
  return place;
}

function placesByRemainder(remainders: readonly number[]): number[] {
  return remainders.map((_remainder, index) => index).sort((a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b);
}
