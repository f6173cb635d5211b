import { HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Allowance, CallerQuota } from './caller-quota.ts';

/**
 * Holds a caller to its quota, and says in the answer what is left of it (draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy`, `RateLimit`).
 * A client that acts for several tenants has a quota with each. At once where nobody has to be asked.
 * @throws HttpException 429 with `Retry-After` where the quota of the window is used up.
 */
export function holdToQuota(quota: CallerQuota, { tenantId, clientId }: { readonly tenantId?: string; readonly clientId: string }, reply: FastifyReply): void | Promise<void> {
  const allowance = quota.take(tenantId === undefined ? clientId : `${tenantId}:${clientId}`);
  if (allowance instanceof Promise) {
    return allowance.then((given) => {
      tell(given, quota, reply);
    });
  }
  tell(allowance, quota, reply);
  return undefined;
}

function tell({ isAllowed, remaining, resetsInSeconds }: Allowance, { policy: { requests, windowSeconds } }: CallerQuota, reply: FastifyReply): void {
  void reply.headers({ 'ratelimit-policy': `"caller";q=${requests};w=${windowSeconds}`, ratelimit: `"caller";r=${remaining};t=${resetsInSeconds}` });
  if (isAllowed) return;
  void reply.header('retry-after', String(resetsInSeconds));
  throw new HttpException(`The caller has ${requests} requests in ${windowSeconds} seconds and has used them; go on in ${resetsInSeconds} seconds.`, 429);
}
