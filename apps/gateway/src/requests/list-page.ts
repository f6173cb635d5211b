import { Failure } from '@crossdock/contracts';
import { z } from 'zod';

/** Which part of a list is wanted. */
export const listQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.uuid().optional().describe('`nextCursor` of the page before.'),
});

/** A part of a list; `nextCursor` is absent on the last one. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/**
 * A part of a list that is short enough to be held: what follows the thing whose id the cursor is.
 * @throws Failure `cursor_expired` where that thing is gone.
 */
export function pageOf<Item extends { readonly id: string }>(all: readonly Item[], { limit, cursor }: z.infer<typeof listQuerySchema>): ListPage<Item> {
  const seen = cursor === undefined ? -1 : all.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && seen < 0) throw new Failure('cursor_expired', 'What the cursor names is gone; begin the list anew.');
  const items = all.slice(seen + 1, seen + 1 + limit);
  const last = items.at(-1);
  return { items, ...(last !== undefined && last !== all.at(-1) && { nextCursor: last.id }) };
}
