import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { callerOf, operatorOf } from '@crossdock/service-tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { holdToQuota } from './caller-quota.admission.ts';
import { CallerQuota } from './caller-quota.ts';

/** Holds each caller to its quota. */
@Injectable()
export class CallerQuotaInterceptor implements NestInterceptor {
  constructor(private readonly quota: CallerQuota) {}

  /** @throws HttpException 429 with `Retry-After` where the quota of the window is used up. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const who = callerOf(request) ?? operatorOf(request);
    const held = who && holdToQuota(this.quota, who, http.getResponse<FastifyReply>());
    return held instanceof Promise ? held.then(() => next.handle()) : next.handle();
  }
}
