import { randomUUID } from 'node:crypto';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { z } from 'zod';
import { tenantContext, type TenantScope } from '@crossdock/tenancy';
import { callerOf, type Caller } from './caller.ts';

/** Carries the correlation id from service to service. */
export const correlationHeader = 'x-correlation-id';

const correlationIdSchema = z.uuid();

/** Runs a request's handler inside the tenant context of its caller, with the caller's correlation id or a new one. */
@Injectable()
export class TenantInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = callerOf(request);
    if (!caller) return next.handle();
    return new Observable((subscriber) => tenantContext.run(scopeOf(request, caller), () => next.handle().subscribe(subscriber)));
  }
}

/** For whom a request's work is done: under the correlation id that it brings, where that is one, or a new one. */
export function scopeOf({ headers: { [correlationHeader]: given } }: FastifyRequest, { tenantId }: Caller): TenantScope {
  return { tenantId, correlationId: given !== undefined && correlationIdSchema.safeParse(given).success ? String(given) : randomUUID() };
}
