import type { LimitedCall, VendorLimits } from '@crossdock/rate-budgets';
import { z } from 'zod';

/**
 * The pinned version and what we hold ourselves to.
 * Sources: https://docs.goshippo.com/docs/api_concepts/apiversioning and
 * https://docs.goshippo.com/api-concepts/rate-limits (limits a minute; neither a Retry-After nor the body of a 429 is
 * documented, so that a refused call waits for the next minute).
 */
export const shippoLimits = {
  apiVersion: '2018-02-08',
  rateLimitWindowMs: 60_000,
  /** Carriers are asked while the call waits, for rates all of them. */
  timeoutMs: 45_000,
  maxResponseBytes: 4 * 1024 * 1024,
  /** Shippo does not say how old a signed webhook may be; this is our choice. */
  signatureWindowMs: 300_000,
} as const;

/** Calls a minute, with a live and with a test token. */
const callsPerMinute = {
  writes: { live: 500, test: 50 },
  reads: { live: 4_000, test: 400 },
  lists: { live: 50, test: 10 },
  'tracking-writes': { live: 750, test: 50 },
  'tracking-reads': { live: 500, test: 50 },
} as const;
type CallClass = keyof typeof callsPerMinute;
const callClasses = ['writes', 'reads', 'lists', 'tracking-writes', 'tracking-reads'] as const satisfies readonly CallClass[];

function classOf({ operation, method }: LimitedCall): CallClass {
  const isRead = method === 'GET' || method === 'HEAD';
  if (operation.startsWith('tracks.')) return isRead ? 'tracking-reads' : 'tracking-writes';
  if (!isRead) return 'writes';
  return operation.endsWith('.list') ? 'lists' : 'reads';
}

const settingsSchema = z.object({ isTestAccount: z.boolean().default(false) }).catch({ isTestAccount: false });

/** What Shippo counts: calls a minute by their kind, far fewer for a test token. Source: the page above. */
export const shippoRateLimits: VendorLimits = {
  limitsFor(settings) {
    const tokenKind = settingsSchema.parse(settings).isTestAccount ? 'test' : 'live';
    return callClasses.map((name) => ({
      name, kind: 'rolling', lengthMs: shippoLimits.rateLimitWindowMs, limit: callsPerMinute[name][tokenKind],
      costOf: (call) => (classOf(call) === name ? 1 : 0),
    }));
  },

  correctionsOf({ call, status }) {
    return status === 429 ? [{ limit: classOf(call), pauseMs: shippoLimits.rateLimitWindowMs }] : [];
  },
};
