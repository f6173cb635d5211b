import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf, operatorOf, type Caller, type OperatorCaller } from './caller.ts';

/** Who calls a tenant's route, and what they may. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!caller) throw new Error('A route that asks for its caller must be closed by @RequireScope.');
  return caller;
});

/** Who calls an operators' route, and what they may. */
export const CurrentOperator = createParamDecorator((_: unknown, context: ExecutionContext): OperatorCaller => {
  const operator = operatorOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!operator) throw new Error('A route that asks for its operator must be closed by @RequireOperatorScope.');
  return operator;
});
