const pollMs = 25;
const deadlineMs = 60_000;

/**
 * Asks again and again until there is an answer other than undefined or false.
 * @throws Error saying what did not come, once the deadline has passed.
 */
export async function until<Found>(what: string, probe: () => Promise<Found | undefined | false>, withinMs = deadlineMs): Promise<Found> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs / 1_000} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
