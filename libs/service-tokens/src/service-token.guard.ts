import { ForbiddenException, Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessRuleKey, type AccessRule } from './access-rule.ts';
import { rememberCaller, rememberOperator, type Principal } from './caller.ts';
import { CallerResolver } from './caller-resolver.ts';
import { TokenRefused } from './service-token.verifier.ts';
import { withinWorkspaceKey } from './workspace-rule.ts';

/**
 * Lets a request through where its route has a rule and its credential satisfies it. A route without a rule is refused, so
 * that a forgotten decorator closes a route instead of opening it. Events from the bus pass: they come by the broker's
 * own authentication.
 */
@Injectable()
export class ServiceTokenGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #callers: CallerResolver;

  constructor(reflector: Reflector, callers: CallerResolver) {
    this.#reflector = reflector;
    this.#callers = callers;
  }

  /** @throws HttpException 400, 401 or 403 with its reason; Failure `transient` where tokens cannot be checked at present. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const rule = this.#reflector.getAllAndOverride<AccessRule | undefined>(accessRuleKey, [context.getHandler(), context.getClass()]);
    if (!rule) throw new ForbiddenException('The route has no access rule, so nobody may use it.');
    if (rule.kind === 'public') return true;

    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const principal = await this.#authenticate(request, reply);
    const missing = rule.scopes.filter((scope) => !principal.scopes.has(scope));
    if (missing.length > 0) {
      challenge(reply, 'insufficient_scope', { scope: rule.scopes.join(' ') });
      throw new ForbiddenException(`The token lacks the scope ${missing.join(' ')}.`);
    }
    if (principal.workspaceId !== undefined && !this.#reflector.getAllAndOverride<boolean | undefined>(withinWorkspaceKey, [context.getHandler(), context.getClass()])) {
      throw new ForbiddenException('The credential is bound to a workspace; this is of the whole tenant.');
    }
    if (rule.actsFor === 'installation') rememberOperator(request, await this.#callers.forInstallation(principal, request));
    else rememberCaller(request, await this.#callers.forTenant(principal, request));
    return true;
  }

  async #authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      challenge(reply);
      throw new UnauthorizedException('The request carries no access token.');
    }
    try {
      return await this.#callers.authenticate(authorization);
    } catch (thrown) {
      if (!(thrown instanceof TokenRefused)) throw thrown;
      challenge(reply, 'invalid_token', { error_description: thrown.message.replaceAll('"', "'") });
      throw new UnauthorizedException(thrown.message);
    }
  }
}

/** RFC 6750 §3: what the caller lacks, for machines. */
function challenge(reply: FastifyReply, error?: string, parameters: Record<string, string> = {}): void {
  const named = Object.entries({ ...(error !== undefined && { error }), ...parameters });
  void reply.header('www-authenticate', ['Bearer realm="crossdock"', ...named.map(([name, value]) => `${name}="${value}"`)].join(', '));
}
