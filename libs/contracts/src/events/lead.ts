import { z } from 'zod';
import { defineEvent } from '../event-definition.ts';
import { timestampSchema } from '../records/source.ts';

export const leadTaken = defineEvent({
  type: 'crm.lead.taken.v1',
  description: 'Somebody filled in a form, or another system sent a lead: a person has asked for something.',
  producers: ['sync'],
  consumers: ['attribution'],
  schema: z.object({
    leadId: z.uuid(),
    email: z.email(),
    /** E.164, where it is known. */
    phone: z.string().min(1).optional(),
    /** What brought the person, such as `form` or `fair`. */
    channel: z.string().min(1).max(100),
    campaign: z.string().min(1).max(255).optional(),
    receivedAt: timestampSchema,
  }),
});
