/** The touches of one path to a conversion, in order; what a credit rule may look at. */
export interface TouchPath {
  readonly length: number;
  /** How long before the conversion a touch was, in days. */
  daysBefore(index: number): number;
  /** Whether the person came by themselves, so that the touch says nothing of what brought them. */
  isDirect(index: number): boolean;
  /** Place of the touch that made the person a lead; undefined where no touch did. */
  readonly leadIndex?: number | undefined;
  /** Place of the touch that opened the deal; undefined where no touch did. */
  readonly opportunityIndex?: number | undefined;
}

/**
 * How the credit for one conversion is shared among its touches: adds each touch's part to `parts`. What it adds sums to 1
 * for every path with at least one touch.
 */
export type CreditRule = (path: TouchPath, parts: Float64Array) => void;

/** Part of the first and of the last touch in the position-based rule; those between share the rest. */
const endPart = 0.4;
/** Part of the first touch, of the one that made the lead and of the one that opened the deal in the W-shaped rule. */
const milestonePart = 0.3;

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
 * W: 30 % each to the first touch, the one that made the lead and the one that opened the deal, 10 % to the others alike.
 * A touch that was several of them gets the parts of all; a milestone that no touch made leaves its part to all touches alike,
 * as the others' part does where there are no others.
 */
export const wShaped: CreditRule = (path, parts) => {
  const { leadIndex, opportunityIndex } = path;
  addTo(parts, 0, milestonePart);
  let rest = 1 - milestonePart;
  for (const milestone of [leadIndex, opportunityIndex]) {
    if (milestone === undefined) continue;
    addTo(parts, milestone, milestonePart);
    rest -= milestonePart;
  }
  const isMilestone = (index: number): boolean => index === 0 || index === leadIndex || index === opportunityIndex;
  let others = 0;
  for (let index = 0; index < path.length; index += 1) others += isMilestone(index) ? 0 : 1;
  const toAll = leadIndex === undefined || opportunityIndex === undefined || others === 0;
  for (let index = 0; index < path.length; index += 1) {
    if (toAll) addTo(parts, index, rest / path.length);
    else if (!isMilestone(index)) addTo(parts, index, rest / others);
  }
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
