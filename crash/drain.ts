import { setTimeout as pause } from 'node:timers/promises';
import type { Backlog, Books } from './books.ts';

const CHECK_EVERY_MS = 250;
/** How often in a row nothing may be under way, as work moves from one place to the next between two looks. */
const QUIET_CHECKS = 4;

/** Waits until all work has come to rest. @returns what was still under way at the deadline; undefined where nothing was. */
export async function drain(books: readonly Books[], deadlineMs: number): Promise<Backlog | undefined> {
  const endsAt = performance.now() + deadlineMs;
  let last: Backlog = { outbox: -1, tasks: -1, unread: -1 };
  for (let quiet = 0; quiet < QUIET_CHECKS;) {
    const backlogs = await Promise.all(books.map((each) => each.backlog())).catch(() => undefined); // a server is still coming back
    if (backlogs !== undefined) {
      last = backlogs.reduce((sum, { outbox, tasks, unread }) => ({ outbox: sum.outbox + outbox, tasks: sum.tasks + tasks, unread: sum.unread + unread }));
      quiet = last.outbox + last.tasks + last.unread === 0 ? quiet + 1 : 0;
    }
    if (performance.now() > endsAt) return last;
    await pause(CHECK_EVERY_MS);
  }
  return undefined;
}
