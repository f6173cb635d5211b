import { HttpException, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { callerOf, operatorOf } from '@crossdock/service-tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { CallerQuota } from './caller-quota.ts';

/**
 * Holds each caller to its quota, and says in each answer what is left of it (draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy`,
 * `RateLimit`). A client that acts for several tenants has a quota with each.
 */
@Injectable()
export class CallerQuotaInterceptor implements NestInterceptor {
  constructor(private readonly quota: CallerQuota) {}

  /** @throws HttpException 429 with `Retry-After` where the quota of the window is used up. */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = callerOf(request);
    const who = caller ? `${caller.tenantId}:${caller.clientId}` : operatorOf(request)?.clientId;
    if (who === undefined) return next.handle();
    const { isAllowed, remaining, resetsInSeconds } = await this.quota.take(who);
    const { requests, windowSeconds } = this.quota.policy;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    void reply.headers({ 'ratelimit-policy': `"caller";q=${requests};w=${windowSeconds}`, ratelimit: `"caller";r=${remaining};t=${resetsInSeconds}` });
    if (isAllowed) return next.handle();
    void reply.header('retry-after', String(resetsInSeconds));
    throw new HttpException(`The caller has ${requests} requests in ${windowSeconds} seconds and has used them; go on in ${resetsInSeconds} seconds.`, 429);
  }
}
