import { ForbiddenException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessRuleKey, type AccessRule } from './access-rule.ts';
import { CallerAdmission } from './caller-admission.ts';
import { CallerResolver } from './caller-resolver.ts';
import { withinWorkspaceKey } from './workspace-rule.ts';

/**
 * Lets a request through where its route has a rule and its credential satisfies it. A route without a rule is refused, so
 * that a forgotten decorator closes a route instead of opening it. Events from the bus pass: they come by the broker's
 * own authentication.
 */
@Injectable()
export class ServiceTokenGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #admission: CallerAdmission;

  constructor(reflector: Reflector, callers: CallerResolver) {
    this.#reflector = reflector;
    this.#admission = new CallerAdmission(callers);
  }

  /** @throws HttpException 400, 401 or 403 with its reason; Failure `transient` where tokens cannot be checked at present. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const rule = this.#reflector.getAllAndOverride<AccessRule | undefined>(accessRuleKey, [context.getHandler(), context.getClass()]);
    if (!rule) throw new ForbiddenException('The route has no access rule, so nobody may use it.');
    const http = context.switchToHttp();
    const isWithinWorkspace = this.#reflector.getAllAndOverride<boolean | undefined>(withinWorkspaceKey, [context.getHandler(), context.getClass()]) === true;
    await this.#admission.admit(rule, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), { isWithinWorkspace });
    return true;
  }
}
