import type { Touch } from '../touches/touch.ts';

/** A touch as a statement of facts carries it, many in one value: a row for each touch would cost more to read than the touch itself. */
export type ReachedTouch = readonly [touchId: string, kind: Touch['kind'], atMs: number, channel: string, campaign: string | null, product: string | null];

/** Milliseconds since 1970 of a time that is kept to the millisecond. */
export function millisecondsOf(time: string): string {
  // Not by `extract`, whose exact numeric takes a third of the time to read a touch; a double tells milliseconds apart for longer than there are dates.
  return `(date_part('epoch', ${time}) * 1000)::bigint`;
}

/** What makes a `ReachedTouch` of a row of `touch`. */
export const reachedTouch =
  `json_build_array(touch.touch_id, touch.kind, ${millisecondsOf('touch.touched_at')}, touch.channel, touch.campaign, touch.product)`;

/** Each touch once, by however many ways it was reached. */
export function touchesOf(reached: readonly ReachedTouch[] | null): Touch[] {
  const touches = new Map<string, Touch>();
  for (const [touchId, kind, atMs, channel, campaign, product] of reached ?? []) {
    touches.set(touchId, { touchId, kind, touchedAt: new Date(atMs), channel, campaign, product });
  }
  return [...touches.values()];
}
