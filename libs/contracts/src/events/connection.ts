import { z } from 'zod';
import { crmServiceNames, defineEvent } from '../event-definition.ts';
import { vendorSchema } from '../records/source.ts';

export const connectionCreated = defineEvent({
  type: 'connection.account.created.v1',
  description: 'A tenant connected an account at a vendor; the service of that vendor sets it up.',
  producers: ['gateway'],
  consumers: [...crmServiceNames, 'orders'],
  schema: z.object({ connectionId: z.uuid(), vendor: vendorSchema }),
});
