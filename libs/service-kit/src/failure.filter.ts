import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { throwError, type Observable } from 'rxjs';
import type { Logger } from './logger.ts';
import { describeProblem } from './problem.ts';

/**
 * Turns everything a route throws into a problem document. What is ours to mend is logged; its text stays inside. An
 * event handler's error goes through as it is: the bus decides by its kind what happens to the event; so does that of a GraphQL field,
 * which becomes one of the answer's errors.
 */
@Catch()
export class FailureFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(thrown: unknown, host: ArgumentsHost): Observable<never> | undefined {
    if (host.getType() === 'rpc') return throwError(() => thrown);
    if (host.getType() !== 'http') throw thrown;
    this.#answer(thrown, host);
    return undefined;
  }

  #answer(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const problem = describeProblem(thrown);
    if (problem.status >= 500) {
      const { method, routeOptions } = http.getRequest<FastifyRequest>();
      this.#logger.error({ err: thrown, method, route: routeOptions.url }, 'request failed');
    }
    const reply = http.getResponse<FastifyReply>();
    const { status, retryAfterSeconds, ...rest } = problem;
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
    void reply.status(status).type('application/problem+json').send({ type: 'about:blank', status, ...rest });
  }
}
