import { installationId } from '@crossdock/contracts';
import { callerOf, operatorOf, type Caller } from '@crossdock/service-tokens';
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

const writtenDownBehind = 'crossdock:written-down-behind';

/** For routes whose service writes down what was done, with the change itself; what it refuses is written down here. */
export function WrittenDownBehind(): CustomDecorator {
  return SetMetadata(writtenDownBehind, true);
}

/** Where operators' routes name a tenant. */
const tenantRoute = /^\/v1\/tenants\//;

/** Has each call that changes something written down. What operators do stands in the installation's audit, and in that of the tenant to whom they do it. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(private readonly acts: Acts, private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const [caller, operator] = [callerOf(request), operatorOf(request)];
    const isAct = unsafeMethods.has(request.method) && this.reflector.get<true | undefined>(changesNothing, context.getHandler()) === undefined;
    const asking = caller ?? operator;
    if (!asking || !isAct) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const [route = '', record] = [request.routeOptions.url, idsSchema.parse(request.params)];
    const named = record['tenantId'] ?? (tenantRoute.test(route) ? record['id'] : undefined);
    const isWrittenDownBehind = this.reflector.getAllAndOverride<true | undefined>(writtenDownBehind, [context.getHandler(), context.getClass()]) === true;
    const act = {
      caller: asking, action: `${request.method} ${route}`, record, isWrittenDownBehind,
      ...auditsOf(caller, named),
    };
    return from(this.acts.written(act, () => lastValueFrom(next.handle(), { defaultValue: undefined }), () => reply.statusCode));
  }
}

/** Where it is written down: what operators do stands in the installation's audit, and in that of the tenant to whom they do it. */
function auditsOf(caller: Caller | undefined, named: string | undefined): { readonly auditsOf?: readonly string[] } {
  if (!caller) return { auditsOf: [installationId, ...(named === undefined ? [] : [named])] };
  return caller.isOperator === true ? { auditsOf: [...new Set([installationId, caller.tenantId])] } : {};
}
