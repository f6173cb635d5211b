import { z } from 'zod';

export const shippoAccountSchema = z.object({
  account: z.string().regex(/^[\w.-]+$/).optional(),
  mode: z.enum(['test', 'live']).default('test'),
  /** Set: webhooks carry `Shippo-Auth-Signature`. */
  hmacSecret: z.string().min(1).optional(),
  /** The platform's app on the OAuth pages. */
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  /** Where the app may send people back to, as whole addresses. Left out: anywhere. */
  redirectUris: z.array(z.url()).optional(),
});
export type ShippoAccountInput = z.input<typeof shippoAccountSchema>;

export interface ShippoAccountCreated {
  account: string;
  /** Stands as `object_owner` in everything that belongs to the account. */
  owner: string;
  token: string;
  hmacSecret: string | null;
  clientId: string;
  clientSecret: string;
}

export const shippoAdvanceSchema = z.object({
  /** Left out: what usually comes next. */
  status: z.enum(['UNKNOWN', 'PRE_TRANSIT', 'TRANSIT', 'DELIVERED', 'RETURNED', 'FAILURE']).optional(),
  substatus: z.string().optional(),
});
export type ShippoAdvanceInput = z.input<typeof shippoAdvanceSchema>;
