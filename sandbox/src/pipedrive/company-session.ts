import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from './company-plan.ts';
import type { Caller, PipedriveCompanies } from './pipedrive-companies.ts';
import { burstExceeded, dayExhausted, scopeMismatch, unauthorised } from './pipedrive-refusals.ts';

/** What an address costs and who may call it; given with each route. */
export interface RouteTerms {
  /** Tokens of the company's daily budget, as the API description states them. */
  cost: number;
  /** Any one of them opens the route. */
  scopes: readonly Scope[];
  search?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    pipedrive?: RouteTerms;
  }
}

export function routeTerms(cost: number, ...scopes: readonly Scope[]): { config: { pipedrive: RouteTerms } } {
  return { config: { pipedrive: { cost, scopes } } };
}

export type CallerOf = (request: FastifyRequest) => Caller;

/** Lets only callers with a live token in, holds them to scopes and limits, and says in headers what is left. */
export function requireCaller(app: FastifyInstance, companies: PipedriveCompanies): CallerOf {
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.addHook('preHandler', async (request, reply) => {
    const caller = identify(companies, request);
    callers.set(request, caller);
    const terms = request.routeOptions.config.pipedrive;
    if (terms === undefined) return;
    if (!terms.scopes.some((scope) => caller.scopes.includes(scope))) throw scopeMismatch();
    count(caller, terms, reply);
  });
  return (request) => {
    const caller = callers.get(request);
    if (caller === undefined) throw unauthorised();
    return caller;
  };
}

function identify(companies: PipedriveCompanies, request: FastifyRequest): Caller {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return companies.tokens.callerByAccessToken(bearer);
  const apiToken = request.headers['x-api-token'];
  const caller = typeof apiToken === 'string' ? companies.callerByApiToken(apiToken) : undefined;
  if (caller === undefined) throw unauthorised();
  return caller;
}

/** A call that the burst limit refuses costs no tokens. */
function count({ company, kind }: Caller, terms: RouteTerms, reply: FastifyReply): void {
  const window = terms.search === true ? company.searches : kind === 'app' ? company.appCalls : company.apiTokenCalls;
  const taken = window.take(Date.now());
  const resetSeconds = Math.ceil(window.limit.intervalMs / 1_000);
  if (!taken.allowed && company.options.enforceLimits) throw burstExceeded(window.limit.max, resetSeconds);
  if (company.usedTokens + terms.cost > company.dailyTokens && company.options.enforceLimits) throw dayExhausted(company.dailyTokens);
  company.usedTokens += terms.cost;
  reply.headers({
    'x-ratelimit-limit': String(window.limit.max),
    'x-ratelimit-remaining': String(taken.remaining),
    'x-ratelimit-reset': String(resetSeconds),
    'x-daily-ratelimit-token-limit': String(company.dailyTokens),
    'x-daily-ratelimit-token-remaining': String(Math.max(0, company.dailyTokens - company.usedTokens)),
  });
}
