/**
 * Whether `version` ("v24.21.0", "24.21", "17.0.15+6") is at least `minimum`, compared number by number.
 * @param {string} version
 * @param {string} minimum
 * @returns {boolean}
 */
export function isAtLeast(version, minimum) {
  const have = numbersOf(version);
  const want = numbersOf(minimum);
  for (const [index, wanted] of want.entries()) {
    const had = have[index] ?? 0;
    if (had !== wanted) return had > wanted;
  }
  return true;
}

/**
 * @param {string} version
 * @returns {number[]}
 */
function numbersOf(version) {
  const digits = /\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0';
  return digits.split('.').map(Number);
}
