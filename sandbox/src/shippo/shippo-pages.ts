import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

export const pageSchema = z.object({
  page: z.coerce.number().int().min(1).default(1),
  results: z.coerce.number().int().min(1).max(100).default(25),
});

/** Shippo's list form; `next` and `previous` are whole addresses and absent where there is none. */
export function pageAnswer<Item>(
  request: FastifyRequest,
  items: Item[],
  { page, results }: z.output<typeof pageSchema>,
): { next?: string; previous?: string; results: Item[] } {
  const address = (number: number): string => {
    const url = new URL(request.url, `${request.protocol}://${request.host}`);
    url.searchParams.set('page', String(number));
    return url.href;
  };
  return {
    ...(page * results < items.length ? { next: address(page + 1) } : {}),
    ...(page > 1 ? { previous: address(page - 1) } : {}),
    results: items.slice((page - 1) * results, page * results),
  };
}
