import type { VendorLimits } from '@crossdock/rate-budgets';
import { z } from 'zod';

/**
 * What WooCommerce allows and what we hold ourselves to.
 * Source: https://woocommerce.github.io/woocommerce-rest-api-docs/ (pagination, API version); the interface itself has
 * no rate limit, a shop's host may have one.
 */
export const woocommerceLimits = {
  apiPath: 'wp-json/wc/v3',
  keyApprovalPath: 'wc-auth/v1/authorize',
  maxPageSize: 100,
  /** Orders in one `orders/batch`; the interface refuses more than 100. */
  batchSize: 100,
  /** Shops run on small hosts; a listing of a hundred orders can take its time. */
  timeoutMs: 30_000,
  maxResponseBytes: 16 * 1024 * 1024,
} as const;

const settingsSchema = z.object({
  limits: z.object({
    /** What the shop's host allows; without it calls are not counted by the minute. */
    callsPerMinute: z.int().positive().optional(),
    callsAtOnce: z.int().positive().optional(),
  }).default({}),
}).catch({ limits: {} });

/** WooCommerce counts nothing; what the shop's host allows is set for the connection. Ten calls at once are our choice. */
export const woocommerceRateLimits: VendorLimits = {
  limitsFor(settings) {
    const { callsPerMinute, callsAtOnce = 10 } = settingsSchema.parse(settings).limits;
    return [
      { name: 'at-once', kind: 'slots', limit: callsAtOnce, leaseMs: woocommerceLimits.timeoutMs + 5_000 },
      ...(callsPerMinute === undefined ? [] : [{ name: 'minute', kind: 'rolling', lengthMs: 60_000, limit: callsPerMinute } as const]),
    ];
  },
};
