import { z } from 'zod';
import { answerFaultSchema } from '../fault-injection.ts';

const tokenFaultSchema = z.object({
  /** `expire-code`: authorization codes that were not redeemed yet. */
  kind: z.enum(['revoke-token', 'expire-token', 'expire-code']),
  /** Portal, account, shop or org; left out, all of the vendor's. */
  account: z.string().optional(),
});

export const faultSchema = z.union([answerFaultSchema, tokenFaultSchema]);
export type TokenFaultKind = z.output<typeof tokenFaultSchema>['kind'];
export type FaultInput = z.input<typeof faultSchema>;
