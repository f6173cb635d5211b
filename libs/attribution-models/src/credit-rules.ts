/** The touches of one path to a conversion, in order; what a credit rule may look at. */
export interface TouchPath {
  readonly length: number;
  /** How long before the conversion a touch was, in days. */
  daysBefore(index: number): number;
  /** Whether the person came by themselves, so that the touch says nothing of what brought them. */
  isDirect(index: number): boolean;
}

/**
 * How the credit for one conversion is shared among its touches: adds each touch's part to `parts`. What it adds sums to 1
 * for every path with at least one touch.
 */
export type CreditRule = (path: TouchPath, parts: Float64Array) => void;

/** Part of the first and of the last touch in the position-based rule; those between share the rest. */
const endPart = 0.4;

/** All to the first touch. */
export const firstTouch: CreditRule = (_path, parts) => {
  addTo(parts, 0, 1);
};

/** All to the last touch. */
export const lastTouch: CreditRule = (path, parts) => {
  addTo(parts, path.length - 1, 1);
};

/** All to the last touch that was not direct; to the last one where all were. */
export const lastNonDirectTouch: CreditRule = (path, parts) => {
  let last = path.length - 1;
  while (last > 0 && path.isDirect(last)) last -= 1;
  addTo(parts, path.isDirect(last) ? path.length - 1 : last, 1);
};

/** The same to each touch. */
export const linear: CreditRule = (path, parts) => {
  for (let index = 0; index < path.length; index += 1) addTo(parts, index, 1 / path.length);
};

/** U: 40 % to the first, 40 % to the last, 20 % to those between alike. One touch gets all, two get half each. */
export const positionBased: CreditRule = (path, parts) => {
  if (path.length <= 2) {
    linear(path, parts);
    return;
  }
  addTo(parts, 0, endPart);
  addTo(parts, path.length - 1, endPart);
  const between = (1 - 2 * endPart) / (path.length - 2);
  for (let index = 1; index < path.length - 1; index += 1) addTo(parts, index, between);
};

/**
 * The nearer to the conversion the more: a touch weighs half of one that is a half-life nearer.
 * @param halfLifeDays above 0
 */
export function timeDecay(halfLifeDays: number): CreditRule {
  if (!(halfLifeDays > 0)) throw new RangeError(`A half-life must be above 0 days, not ${halfLifeDays}.`);
  return (path, parts) => {
    // Counted from the last touch, so that a long time before the conversion does not make every weight vanish.
    const nearest = path.daysBefore(path.length - 1);
    let sum = 0;
    for (let index = 0; index < path.length; index += 1) sum += 2 ** ((nearest - path.daysBefore(index)) / halfLifeDays);
    for (let index = 0; index < path.length; index += 1) {
      addTo(parts, index, 2 ** ((nearest - path.daysBefore(index)) / halfLifeDays) / sum);
    }
  };
}

function addTo(parts: Float64Array, index: number, part: number): void {
  parts[index] = (parts[index] ?? 0) + part;
}
