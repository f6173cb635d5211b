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
  /** When the carrier scanned it; left out: now. */
  date: z.iso.datetime().optional(),
  /** No webhook tells of it. */
  silently: z.boolean().default(false),
});
export type ShippoAdvanceInput = z.input<typeof shippoAdvanceSchema>;

export const shippoMarketSchema = z.object({
  /** Carrier accounts that are off from now on; all others are on. */
  inactiveCarriers: z.array(z.enum(['USPS', 'UPS'])).optional(),
  /** What all prices are multiplied by from now on. */
  priceFactor: z.number().optional(),
  /** How long a purchase takes from now on before it is listed, whether its caller waits for it or not. */
  purchaseDelayMs: z.int().min(0).max(120_000).optional(),
});
export type ShippoMarketInput = z.input<typeof shippoMarketSchema>;

export const shippoRefundSchema = z.object({ status: z.enum(['SUCCESS', 'ERROR']) });
export type ShippoRefundInput = z.input<typeof shippoRefundSchema>;
