import { z } from 'zod';
import { defineEvent, serviceNames } from '../event-definition.ts';
import { timestampSchema } from '../records/source.ts';

/**
 * Whether a tenant is worked for. A `suspended` one's work rests and it may not call; a `deleted` one is the same until its
 * retention time is over, and then `erased`: nothing of it is left in any service.
 */
export const tenantStates = ['active', 'suspended', 'deleted', 'erased'] as const;
export type TenantState = (typeof tenantStates)[number];

export const tenantStandingChanged = defineEvent({
  type: 'tenancy.standing.changed.v1',
  description: 'A tenant was made, suspended, resumed, deleted or erased: every service lets its work rest or go on, or forgets it.',
  producers: ['gateway'],
  consumers: [...serviceNames],
  partitions: 1,
  schema: z.object({
    state: z.enum(tenantStates),
    /** Counts the tenant's changes, so that an older one never takes the place of a newer. */
    version: z.int().positive(),
    changedAt: timestampSchema,
  }),
});

/** A host name of RFC 1123 in lower case, with at least one dot and no port. */
export const domainNameSchema = z.string().max(253).regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/, 'a domain name in lower case, such as hub.example.com');

export const tenantDomainChanged = defineEvent({
  type: 'tenancy.domain.changed.v1',
  description: 'A domain was given to a tenant or taken from it: people of the tenant may sign on there, or no longer.',
  producers: ['gateway'],
  consumers: ['auth-sso'],
  partitions: 1,
  carries: 'state',
  schema: z.object({
    domain: domainNameSchema,
    isOwned: z.boolean(),
    changedAt: timestampSchema,
  }),
});
