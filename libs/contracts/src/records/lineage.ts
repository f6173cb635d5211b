import { z } from 'zod';
import { orderStatusSchema } from './order.ts';
import { timestampSchema } from './source.ts';

/** One step on a record's way. Times are ISO 8601 in UTC with milliseconds. */
export const lineageStepSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['event', 'webhook']).describe('`webhook`: what a vendor told, which became an event because its signature was right.'),
    at: timestampSchema, id: z.uuid(), type: z.string(),
    service: z.string().describe('Who said it.'),
    subject: z.string().describe('Of what it was said.'),
    correlationId: z.uuid().describe('The same for everything that one cause from outside set in motion.'),
    causationId: z.uuid().exactOptional().describe('The event that led to it.'),
    signature: z.literal('verified').exactOptional(),
  }),
  z.object({
    kind: z.literal('vendor_call'), at: timestampSchema, vendor: z.string(), connectionId: z.uuid(), operation: z.string(), method: z.string(),
    attempt: z.int(), outcome: z.string(), status: z.int().exactOptional(), durationMs: z.int(), correlationId: z.string().exactOptional(),
  }),
]).meta({ id: 'LineageStep' });
export type LineageStep = z.infer<typeof lineageStepSchema>;

/** Something that an order waits for, and for how long already. Times are ISO 8601 in UTC with milliseconds. */
export const orderWaitingSchema = z.object({
  for: z.enum(['crm_answer', 'crm_verification', 'shop_write', 'shop_look_up']),
  since: timestampSchema,
  because: z.string().exactOptional().describe('What holds it up, where that is known, and what to do.'),
  attempts: z.int().exactOptional().describe('Tries so far.'),
  nextTryAt: timestampSchema.exactOptional(),
}).meta({ id: 'OrderWaiting' });
export type OrderWaiting = z.infer<typeof orderWaitingSchema>;

/** Where an order stands. */
export const orderStandingSchema = z.object({ status: orderStatusSchema, since: timestampSchema, waitsFor: z.array(orderWaitingSchema).readonly() });
