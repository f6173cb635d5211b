import { z } from 'zod';

const querySchema = z.record(z.string(), z.string('give each query parameter once'));

/** A query as it is passed on to the service that checks it: each parameter once. */
export function forwardedQuery(query: unknown): string {
  const parameters = new URLSearchParams(querySchema.parse(query)).toString();
  return parameters === '' ? '' : `?${parameters}`;
}
