import { createHash } from 'node:crypto';
import {
  ConflictException, HttpException, Injectable, SetMetadata, UnprocessableEntityException, type CallHandler, type CustomDecorator, type ExecutionContext, type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { callerOf } from '@crossdock/service-tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, mergeMap, of, type Observable } from 'rxjs';
import { z } from 'zod';
import { IdempotentCalls, type CallName, type KeptAnswer } from './idempotent-calls.ts';

const standsElsewhere = 'crossdock:idempotency';

/** For routes whose service keeps the key itself, together with what it does. */
export function KeyKeptByService(): CustomDecorator {
  return SetMetadata(standsElsewhere, 'service');
}

/** For routes that answer with a secret, which is shown once: a repeat is refused instead of answered again. */
export function AnswerShownOnce(): CustomDecorator {
  return SetMetadata(standsElsewhere, 'secret');
}

const keySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');
/** Larger answers are not kept; none of ours is. */
const maxAnswerCharacters = 262_144;
const unsafeMethods: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Lets a caller repeat a call that changes something: with the same `Idempotency-Key` it is made once, and a repeat gets the first answer, marked by
 * `Idempotency-Replayed: true`. What was refused may be sent again under the same key. Keys hold for 24 hours, for one caller.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly calls: IdempotentCalls, private readonly reflector: Reflector) {}

  /** @throws HttpException 409 where the call is under way or its answer is not shown again, 422 where the key stands for another request. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = callerOf(request);
    const given = request.headers['idempotency-key'];
    if (given === undefined || !caller || !unsafeMethods.has(request.method)) return next.handle();
    const kept = this.reflector.getAllAndOverride<'service' | 'secret' | undefined>(standsElsewhere, [context.getHandler(), context.getClass()]);
    if (kept === 'service') return next.handle();
    const call: CallName = { tenantId: caller.tenantId, clientId: caller.clientId, key: keySchema.parse(given) };
    return this.#answerOnce(call, fingerprintOf(request), context.switchToHttp().getResponse<FastifyReply>(), next, kept === 'secret');
  }

  async #answerOnce(call: CallName, fingerprint: Buffer, reply: FastifyReply, next: CallHandler, isSecret: boolean): Promise<Observable<unknown>> {
    const standing = await this.calls.begin(call, fingerprint);
    switch (standing.outcome) {
      case 'other_request':
        throw new UnprocessableEntityException({ code: 'idempotency_key_reused', message: 'This Idempotency-Key was used for another request; take a new one.' });
      case 'under_way':
        void reply.header('retry-after', '1');
        throw new ConflictException({ code: 'idempotency_key_in_use', message: 'A request with this Idempotency-Key is under way; ask again for its answer.' });
      case 'done':
        return replay(standing.kept, reply, isSecret);
      case 'begun':
        return this.#make(call, next, reply, isSecret);
    }
  }

  #make(call: CallName, next: CallHandler, reply: FastifyReply, isSecret: boolean): Observable<unknown> {
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        const text = isSecret || answer === undefined || answer === null ? undefined : JSON.stringify(answer);
        const isRefusal = reply.statusCode >= 400;
        if (isRefusal || (text !== undefined && text.length > maxAnswerCharacters)) await this.calls.forget(call);
        else await this.calls.finish(call, { status: reply.statusCode, etag: reply.getHeader('etag')?.toString(), answer: text });
        return answer;
      }),
      catchError(async (thrown: unknown) => {
        await this.calls.forget(call);
        throw thrown;
      }),
    );
  }
}

function replay({ status, etag, answer }: KeptAnswer, reply: FastifyReply, isSecret: boolean): Observable<unknown> {
  if (isSecret) throw new HttpException({ code: 'answer_shown_once', message: 'The request with this Idempotency-Key was done; its answer is shown once only.' }, 409);
  void reply.status(status).header('idempotency-replayed', 'true');
  if (etag !== undefined) void reply.header('etag', etag);
  return of(answer === undefined ? undefined : JSON.parse(answer) as unknown);
}

/** What makes a request the same: method, address and body. */
function fingerprintOf({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256').update(JSON.stringify([method, url, body ?? null])).digest();
}
