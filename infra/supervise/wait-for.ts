import { setTimeout as pause } from 'node:timers/promises';

const CHECK_EVERY_MS = 50;

/** Waits until `condition` holds; answers whether it did before the deadline. */
export async function waitFor(condition: () => boolean | Promise<boolean>, deadlineMs: number): Promise<boolean> {
  const endsAt = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() >= endsAt) return false;
    await pause(CHECK_EVERY_MS);
  }
  return true;
}
