import * as z from 'zod/mini';

export const mappedObjects = ['contact', 'company', 'deal'] as const;

const searchSchema = z.object({
  connection: z.catch(z.optional(z.uuid()), undefined),
  object: z.catch(z.optional(z.enum(mappedObjects)), undefined),
});

/** Which mapping the address of the page means. */
export interface MappingSearch {
  readonly connection?: string;
  readonly object?: (typeof mappedObjects)[number];
}

/** Reads the page's address; what makes no sense there is left out, since anybody may have written it. */
export function mappingSearchOf(search: Record<string, unknown>): MappingSearch {
  const { connection, object } = z.parse(searchSchema, search);
  return { ...(connection !== undefined && { connection }), ...(object !== undefined && { object }) };
}
