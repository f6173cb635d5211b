import { z } from 'zod';
import { crmServiceNames, defineEvent } from '../event-definition.ts';
import { connectionReasonCodeSchema, connectionStateSchema } from '../records/connection.ts';
import { timestampSchema, vendorSchema } from '../records/source.ts';

export const connectionCreated = defineEvent({
  type: 'connection.account.created.v1',
  description: 'A tenant connected an account at a vendor; the service of that vendor sets it up.',
  producers: ['gateway'],
  consumers: [...crmServiceNames, 'orders'],
  schema: z.object({ connectionId: z.uuid(), vendor: vendorSchema }),
});

export const connectionHealthChanged = defineEvent({
  type: 'connection.health.changed.v1',
  description: 'A connection moved to another state: work that rested for it goes on, or a person has to act.',
  producers: ['gateway', ...crmServiceNames, 'orders', 'shipping'],
  consumers: [...crmServiceNames, 'orders', 'shipping'],
  schema: z.object({
    connectionId: z.uuid(),
    vendor: vendorSchema,
    previousState: connectionStateSchema,
    state: connectionStateSchema,
    /** Why; absent in a state that needs no explanation. */
    reason: z.object({ code: connectionReasonCodeSchema, message: z.string().min(1).max(1_000) }).optional(),
    since: timestampSchema,
  }),
});
