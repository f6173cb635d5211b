import { ApiProblem } from './api-problem.ts';

/** What is wrong with a request at the places that a page shows. */
export interface WrongPlaces<Place extends string> {
  readonly at: ReadonlyMap<Place, string>;
  /** Whether all that is wrong stands at one of them, so that nothing else has to be said of it. */
  readonly isAll: boolean;
}

/**
 * Sorts what the hub says is wrong to places that a page shows, by JSON pointers: what lies within a place is about it, and what
 * is about something larger is told at the first place within.
 */
export function wrongPlaces<Place extends string>(problem: unknown, places: readonly Place[]): WrongPlaces<Place> {
  const errors = problem instanceof ApiProblem ? problem.errors : [];
  const at = new Map<Place, string>();
  let placed = 0;
  for (const { pointer, detail } of errors) {
    const place = places.find((each) => isWithin(pointer, each)) ?? places.find((each) => isWithin(each, pointer));
    if (place === undefined) continue;
    placed += 1;
    at.set(place, [at.get(place), detail].filter((text) => text !== undefined).join(' '));
  }
  return { at, isAll: errors.length > 0 && placed === errors.length };
}

function isWithin(pointer: string, place: string): boolean {
  return pointer === place || pointer.startsWith(`${place}/`);
}
