import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { from, isObservable, mergeAll, type Observable } from 'rxjs';
import { AuditInterceptor } from '../audit/audit.interceptor.ts';
import { IdempotencyInterceptor } from '../idempotency/idempotency.interceptor.ts';
import { CallerQuotaInterceptor } from './caller-quota.interceptor.ts';

/**
 * What every call of the interface goes through: the caller's quota, then idempotency, then the audit, so that what is answered again was done, and
 * written down, the first time. As one interceptor, because each one of the framework's costs a request promises and subscriptions of its own, and most
 * requests need no more than a look at the quota.
 */
@Injectable()
export class EdgeInterceptor implements NestInterceptor {
  constructor(private readonly quota: CallerQuotaInterceptor, private readonly idempotency: IdempotencyInterceptor, private readonly audit: AuditInterceptor) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const audited = { handle: () => flat(this.audit.intercept(context, next)) };
    const once = { handle: () => flat(this.idempotency.intercept(context, audited)) };
    return flat(this.quota.intercept(context, once));
  }
}

function flat(answer: Observable<unknown> | Promise<Observable<unknown>>): Observable<unknown> {
  return isObservable(answer) ? answer : from(answer).pipe(mergeAll());
}
