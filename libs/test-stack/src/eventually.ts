const [leastPauseMs, mostPauseMs] = [20, 100];
/** The part of the time waited so far that passes until the next look: what many look at all the time keeps the machine from what they wait for. */
const pauseShare = 0.1;
/** Where it takes a second here, it may take many on a machine with more to do. */
const usualMs = 60_000;

/**
 * Waits for a state: calls `probe` until it gives something other than undefined or false, and gives that back.
 * @throws Error naming what was waited for, once the deadline has passed.
 */
export async function eventually<Found>(
  what: string, probe: () => Promise<Found | undefined | false> | Found | undefined | false, withinMs = usualMs,
): Promise<Found> {
  const begun = Date.now();
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    const waitedMs = Date.now() - begun;
    if (waitedMs > withinMs) throw new Error(`Waited ${withinMs} ms in vain for: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, Math.min(mostPauseMs, Math.max(leastPauseMs, waitedMs * pauseShare))));
  }
}
