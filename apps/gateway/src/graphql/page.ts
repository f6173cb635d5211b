import { z } from 'zod';
import { pageSizes } from './operation-review.ts';

/** The arguments of every list that comes by pages. */
export const pageArgumentsShape = {
  first: z.int().min(1).max(pageSizes.most).nullish().transform((first) => first ?? pageSizes.usual),
  after: z.string().min(1).max(1_000).nullish(),
};

/** A page as the graph shows it. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string };
}

/** From a page as REST has it. */
export function toPage<Node>({ items, nextCursor }: { readonly items: readonly Node[]; readonly nextCursor?: string | undefined }): Page<Node> {
  return { nodes: items, pageInfo: { hasNextPage: nextCursor !== undefined, ...(nextCursor !== undefined && { endCursor: nextCursor }) } };
}

/** The query of a service's list: what is not given is left out. */
export function listQuery(parameters: Readonly<Record<string, string | number | boolean | null | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== null) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}
