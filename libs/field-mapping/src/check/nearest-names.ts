/** The names that are most like a misspelt one, at most three, the nearest first. */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const target = folded(wanted);
  const near = names
    .map((name) => ({ name, distance: distanceOf(target, folded(name)) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(target.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name));
  return near.filter(({ distance }) => distance <= (near[0]?.distance ?? 0) + 1).slice(0, 3).map(({ name }) => name);
}

function distanceOf(a: string, b: string): number {
  if (a === b) return 0;
  return b !== '' && (a.includes(b) || b.includes(a)) ? 1 : editDistance(a, b);
}

/** The same but for upper case and separators, and for what vendors put behind their custom fields' names. */
export function folded(name: string): string {
  return name.toLowerCase().replace(/__c$/, '').replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** How many letters have to be put in, taken out or exchanged. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const exchange = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(exchange, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
