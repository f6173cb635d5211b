import { storedTimeSchema, type TenantState } from '@crossdock/contracts';
import { z } from 'zod';

/** A tenant as operators see it. Times are ISO 8601 in UTC. */
export const tenantSchema = z.object({
  id: z.uuid(),
  /** Short name for addresses; unique. */
  slug: z.string(),
  name: z.string(),
  state: z.enum(['active', 'suspended', 'deleted', 'erased']),
  /** Counts its changes. */
  version: z.int(),
  createdAt: storedTimeSchema,
  changedAt: storedTimeSchema,
  eraseAt: storedTimeSchema.nullable().describe('When nothing of a deleted tenant will be left; until then it may be resumed.'),
}).meta({ id: 'Tenant' });
export type Tenant = z.infer<typeof tenantSchema>;

/** A tenant's steps, and from which states each may be taken. The state itself is among them: a repeat changes nothing. */
export const tenantSteps: Readonly<Record<Exclude<TenantState, 'erased'>, readonly TenantState[]>> = {
  suspended: ['active', 'suspended'],
  active: ['suspended', 'deleted', 'active'],
  deleted: ['active', 'suspended', 'deleted'],
};
