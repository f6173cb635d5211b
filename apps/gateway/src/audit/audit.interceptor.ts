import { callerOf } from '@crossdock/service-tokens';
import { Injectable, SetMetadata, type CallHandler, type CustomDecorator, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { z } from 'zod';
import { Acts } from './acts.ts';

const unsafeMethods: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** The ids in the address; a slug or a name of a kind is as good. */
const idsSchema = z.record(z.string(), z.string().max(255)).catch({});
const changesNothing = 'crossdock:changes-nothing';

/** For routes that take a body and only ask. */
export function ChangesNothing(): CustomDecorator {
  return SetMetadata(changesNothing, true);
}

/** Has each call that changes something for a tenant written down. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(private readonly acts: Acts, private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = callerOf(request);
    const isAct = unsafeMethods.has(request.method) && this.reflector.get<true | undefined>(changesNothing, context.getHandler()) === undefined;
    if (!caller || !isAct) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const act = { caller, action: `${request.method} ${request.routeOptions.url ?? ''}`, record: idsSchema.parse(request.params) };
    return from(this.acts.written(act, () => lastValueFrom(next.handle(), { defaultValue: undefined }), () => reply.statusCode));
  }
}
