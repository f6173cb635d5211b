import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf } from './caller.ts';

/** The client that calls a tenant's route, for what is written down of it. */
export const ClientId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!caller) throw new Error('A route that asks for its client must be closed by @RequireScope.');
  return caller.clientId;
});
