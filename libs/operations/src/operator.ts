import { createParamDecorator, ForbiddenException, UnauthorizedException, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf, operatorOf, type OperatorCaller } from '@crossdock/service-tokens';
import { z } from 'zod';

/** Names for whom a client acts; believed of clients with the scope for it, which is the gateway. */
export const onBehalfOfHeader = 'x-crossdock-on-behalf-of';
const delegateScope = 'operations:delegate';

/** Who does something, for the audit. */
export interface Actor {
  /** The client of the token. */
  readonly client: string;
  /** The client that asked the gateway. */
  readonly onBehalfOf?: string;
}

const nameSchema = z.string().min(1).max(128);

/** The operator of a request. */
export const Operator = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const operator = operatorOf(request);
  if (!operator) throw new UnauthorizedException('Only operators may do this.');
  return actorOf(request, operator);
});

/** Who does something at a tenant's route. */
export const CallingActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const caller = callerOf(request);
  if (!caller) throw new UnauthorizedException('Only callers of a tenant may do this.');
  return actorOf(request, caller);
});

function actorOf(request: FastifyRequest, { clientId, scopes }: OperatorCaller): Actor {
  const named = request.headers[onBehalfOfHeader];
  if (named === undefined) return { client: clientId };
  if (!scopes.has(delegateScope)) throw new ForbiddenException(`The token lacks the scope ${delegateScope}.`);
  return { client: clientId, onBehalfOf: nameSchema.parse(named) };
}
