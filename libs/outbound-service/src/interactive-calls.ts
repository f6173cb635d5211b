import { callPriority } from '@crossdock/rate-budgets';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';

/** Somebody waits for what an HTTP request asks for: vendor calls made for it are interactive, all others background. */
export class InteractiveCalls implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    return new Observable((subscriber) => callPriority.interactive(() => next.handle().subscribe(subscriber)));
  }
}
