import { z } from 'zod';

export const shippoAccountSchema = z.object({
  account: z.string().regex(/^[\w.-]+$/).optional(),
  mode: z.enum(['test', 'live']).default('test'),
  /** Set: webhooks carry `Shippo-Auth-Signature`. */
  hmacSecret: z.string().min(1).optional(),
});
export type ShippoAccountInput = z.input<typeof shippoAccountSchema>;

export interface ShippoAccountCreated {
  account: string;
  token: string;
  hmacSecret: string | null;
}

export const shippoAdvanceSchema = z.object({
  /** Left out: what usually comes next. */
  status: z.enum(['UNKNOWN', 'PRE_TRANSIT', 'TRANSIT', 'DELIVERED', 'RETURNED', 'FAILURE']).optional(),
  substatus: z.string().optional(),
});
export type ShippoAdvanceInput = z.input<typeof shippoAdvanceSchema>;
