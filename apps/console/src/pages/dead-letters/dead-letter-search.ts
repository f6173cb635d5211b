import * as z from 'zod/mini';

/** Ages that can be asked for, in hours. */
export const ages = ['1', '24', '168'] as const;
export const services = ['gateway', 'auth-sso', 'crm-salesforce', 'crm-hubspot', 'crm-pipedrive', 'crm-zoho', 'crm-dynamics', 'orders', 'shipping', 'attribution', 'sync', 'journal'] as const;
export const reasons = [
  'transient', 'outcome_unknown', 'rate_limited', 'quota_exhausted', 'unauthorised', 'forbidden', 'conflict', 'cursor_expired', 'dependency_missing', 'invalid', 'not_found', 'unexpected',
  'unparseable', 'unknown_type', 'schema_mismatch',
] as const;

const searchSchema = z.object({
  service: z.catch(z.optional(z.enum(services)), undefined),
  origin: z.catch(z.optional(z.enum(['event', 'task', 'webhook'])), undefined),
  state: z.catch(z.optional(z.enum(['dead', 'parked'])), undefined),
  kind: z.catch(z.optional(z.string().check(z.minLength(1), z.maxLength(255))), undefined),
  reason: z.catch(z.optional(z.enum(reasons)), undefined),
  olderThanHours: z.catch(z.optional(z.enum(ages)), undefined),
});

/** What the address of the page says of the dead letters to show. */
export interface DeadLetterSearch {
  readonly service?: (typeof services)[number];
  readonly origin?: 'event' | 'task' | 'webhook';
  readonly state?: 'dead' | 'parked';
  readonly kind?: string;
  readonly reason?: (typeof reasons)[number];
  readonly olderThanHours?: (typeof ages)[number];
}

/** Reads the page's address; what makes no sense there is left out, since anybody may have written it. The router reads a number there as one. */
export function deadLetterSearchOf(search: Record<string, unknown>): DeadLetterSearch {
  const { olderThanHours } = search;
  const read = z.parse(searchSchema, { ...search, ...(typeof olderThanHours === 'number' && { olderThanHours: String(olderThanHours) }) });
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** What the hub is asked for. */
export function filterOf({ olderThanHours, ...filter }: DeadLetterSearch, nowMs: number): Omit<DeadLetterSearch, 'olderThanHours'> & { readonly before?: string } {
  return { ...filter, ...(olderThanHours !== undefined && { before: new Date(nowMs - Number(olderThanHours) * 3_600_000).toISOString() }) };
}
