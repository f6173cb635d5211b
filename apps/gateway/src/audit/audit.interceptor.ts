import { EventPublisher } from '@crossdock/event-bus';
import { actRecorded, asFailure, type EventData } from '@crossdock/contracts';
import { callerOf } from '@crossdock/service-tokens';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { HttpException, Injectable, SetMetadata, type CallHandler, type CustomDecorator, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, mergeMap, type Observable } from 'rxjs';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';

type Act = Omit<EventData<typeof actRecorded>, 'outcome' | 'status' | 'occurredAt'>;

const unsafeMethods: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** The ids in the address; a slug or a name of a kind is as good. */
const idsSchema = z.record(z.string(), z.string().max(255)).catch({});

const changesNothing = 'crossdock:changes-nothing';

/** For routes that take a body and only ask. */
export function ChangesNothing(): CustomDecorator {
  return SetMetadata(changesNothing, true);
}

/**
 * Has each call that changes something for a tenant written down twice: that it was asked for, before anything is done, and what came of it. A call whose
 * process died in between leaves the first.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(private readonly database: TenantDatabase, private readonly publisher: EventPublisher, private readonly reflector: Reflector) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = callerOf(request);
    const isAct = unsafeMethods.has(request.method) && this.reflector.get<true | undefined>(changesNothing, context.getHandler()) === undefined;
    if (!caller || !isAct) return next.handle();
    const act: Act = {
      actId: uuid(), actor: { kind: caller.kind, id: caller.clientId }, action: `${request.method} ${request.routeOptions.url ?? ''}`, record: idsSchema.parse(request.params),
    };
    await this.#tell(act, { outcome: 'asked' });
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        await this.#tell(act, { outcome: 'done', status: reply.statusCode });
        return answer;
      }),
      catchError(async (thrown: unknown) => {
        await this.#tell(act, outcomeOf(thrown));
        throw thrown;
      }),
    );
  }

  async #tell(act: Act, result: Pick<EventData<typeof actRecorded>, 'outcome' | 'status'>): Promise<void> {
    await this.database.transaction(tenantContext.require().tenantId, (manager) => this.publisher.publish(manager, actRecorded, {
      subject: `act/${act.actId}`, data: { ...act, ...result, occurredAt: new Date().toISOString() },
    }));
  }
}

/** What the caller is told of it in the end: the service refused, or it could not. */
function outcomeOf(thrown: unknown): Pick<EventData<typeof actRecorded>, 'outcome' | 'status'> {
  if (thrown instanceof HttpException) return { outcome: thrown.getStatus() < 500 ? 'refused' : 'failed', status: thrown.getStatus() };
  return { outcome: asFailure(thrown).kind === 'transient' ? 'failed' : 'refused' };
}
