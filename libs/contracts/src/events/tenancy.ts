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
