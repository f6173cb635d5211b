import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { tooManyRequests, unauthorised } from './dynamics-refusals.ts';
import type { Environment, Environments } from './environments.ts';

export type EnvironmentOf = (request: FastifyRequest) => Environment;

/** Marks the parts of a batch: the limits count the batch, not its parts. */
export const innerRequest = { name: 'x-batch-part', value: randomUUID() } as const;

/** Lets only callers with a live token in and counts them against the limit of five minutes. */
export function requireEnvironment(app: FastifyInstance, environments: Environments): EnvironmentOf {
  const entered = new WeakMap<FastifyRequest, Environment>();
  app.addHook('preHandler', async (request, reply) => {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const environment = token === undefined ? undefined : environments.tokens.environmentOf(token);
    if (environment === undefined) throw unauthorised();
    entered.set(request, environment);
    if (request.headers[innerRequest.name] === innerRequest.value) return;
    const taken = environment.requests.take(Date.now());
    if (!taken.allowed && environment.options.enforceLimits) throw tooManyRequests(Math.ceil(environment.requests.limit.intervalMs / 1_000));
    reply.headers({ 'x-ms-ratelimit-burst-remaining-xrm-requests': String(taken.remaining), 'x-ms-ratelimit-time-remaining-xrm-requests': '1200.00' });
  });
  return (request) => {
    const environment = entered.get(request);
    if (environment === undefined) throw unauthorised();
    return environment;
  };
}
