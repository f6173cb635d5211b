import { z } from 'zod';

/** A page of a list. `nextCursor` is the `cursor` of the next request, and is absent on the last page. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().exactOptional() });
}
