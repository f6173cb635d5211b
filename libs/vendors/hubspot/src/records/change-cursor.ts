import { Failure } from '@crossdock/contracts';
import { z } from 'zod';

const time = z.int().min(0);

const cursorSchema = z.discriminatedUnion('phase', [
  /** All records there are, in the order of their ids; changes since it began come after. */
  z.object({ phase: z.literal('all'), startedAtMs: time, after: z.string().optional() }),
  /**
   * Records by the time of their change: from `atMs` on, or, where more than a page share that time, those of this very time
   * by their ids from `afterId` on.
   */
  z.object({ phase: z.literal('changed'), sinceMs: time, startedAtMs: time.optional(), atMs: time, afterId: z.string().optional(), newestMs: time }),
  /** What was archived since then. */
  z.object({ phase: z.literal('archived'), sinceMs: time, nextMs: time, after: z.string().optional() }),
]);
export type ChangeCursor = z.infer<typeof cursorSchema>;
export type ChangedCursor = Extract<ChangeCursor, { phase: 'changed' }>;

export const writeCursor = (cursor: ChangeCursor): string => JSON.stringify(cursor);

/** @throws Failure `cursor_expired` for a text that no cursor is. */
export function readCursor(text: string): ChangeCursor {
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch {
    throw new Failure('cursor_expired', 'This is no cursor of a HubSpot account: everything must be read anew.');
  }
}

/** A new look at what has changed since a time. */
export const changedSince = (sinceMs: number): ChangedCursor => ({ phase: 'changed', sinceMs, atMs: sinceMs, newestMs: sinceMs });
