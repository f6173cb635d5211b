/** A moment in WooCommerce's two forms: the site's own clock and UTC, both to the second and without a zone. */
export function siteTimes(atMs: number, utcOffsetMinutes: number): { local: string; gmt: string } {
  const text = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
  return { local: text(atMs + utcOffsetMinutes * 60_000), gmt: text(atMs) };
}

/** Compares a stored time with a caller's: a caller's zone counts, a missing one is the site's or, if said so, UTC. */
export function isAfter(storedGmt: string, given: string, datesAreGmt: boolean, utcOffsetMinutes: number): boolean {
  return Date.parse(`${storedGmt}Z`) > instantOf(given, datesAreGmt, utcOffsetMinutes);
}

export function isBefore(storedGmt: string, given: string, datesAreGmt: boolean, utcOffsetMinutes: number): boolean {
  return Date.parse(`${storedGmt}Z`) < instantOf(given, datesAreGmt, utcOffsetMinutes);
}

function instantOf(given: string, datesAreGmt: boolean, utcOffsetMinutes: number): number {
  if (/(Z|[+-]\d{2}:?\d{2})$/i.test(given)) return Date.parse(given);
  const asUtc = Date.parse(`${given}Z`);
  return datesAreGmt ? asUtc : asUtc - utcOffsetMinutes * 60_000;
}
