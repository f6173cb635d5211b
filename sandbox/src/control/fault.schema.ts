import { z } from 'zod';
import { answerFaultSchema } from '../fault-injection.ts';

const tokenFaultSchema = z.object({
  kind: z.enum(['revoke-token', 'expire-token']),
  /** Portal, account, shop or org; left out, all of the vendor's. */
  account: z.string().optional(),
});

export const faultSchema = z.union([answerFaultSchema, tokenFaultSchema]);
export type FaultInput = z.input<typeof faultSchema>;
