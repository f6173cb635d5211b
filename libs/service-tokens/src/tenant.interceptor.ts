import { randomUUID } from 'node:crypto';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { z } from 'zod';
import { tenantContext } from '@crossdock/tenancy';
import { callerOf } from './caller.ts';

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
    const given = correlationIdSchema.safeParse(request.headers[correlationHeader]);
    const scope = { tenantId: caller.tenantId, correlationId: given.success ? given.data : randomUUID() };
    return new Observable((subscriber) => tenantContext.run(scope, () => next.handle().subscribe(subscriber)));
  }
}
