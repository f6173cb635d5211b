import type { Touch } from '../touches/touch.ts';

/** A touch as a statement of facts carries it, many in one value: a row for each touch would cost more to read than the touch itself. */
export type ReachedTouch = readonly [touchId: string, kind: Touch['kind'], atMs: number, channel: string, campaign: string | null, product: string | null];

/** What makes a `ReachedTouch` of a row of `touch`. */
export const reachedTouch =
  'json_build_array(touch.touch_id, touch.kind, (extract(epoch FROM touch.touched_at) * 1000)::bigint, touch.channel, touch.campaign, touch.product)';

/** Each touch once, by however many ways it was reached. */
export function touchesOf(reached: readonly ReachedTouch[] | null): Touch[] {
  const touches = new Map<string, Touch>();
  for (const [touchId, kind, atMs, channel, campaign, product] of reached ?? []) {
    touches.set(touchId, { touchId, kind, touchedAt: new Date(atMs), channel, campaign, product });
  }
  return [...touches.values()];
}
