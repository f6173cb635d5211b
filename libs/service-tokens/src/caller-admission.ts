import { ForbiddenException, UnauthorizedException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessRule } from './access-rule.ts';
import { rememberCaller, rememberOperator, type Principal } from './caller.ts';
import type { CallerResolver } from './caller-resolver.ts';
import { TokenRefused } from './service-token.verifier.ts';

/** Lets a request's caller in where the credential satisfies a rule, and remembers who it is. */
export class CallerAdmission {
  readonly #callers: CallerResolver;

  constructor(callers: CallerResolver) {
    this.#callers = callers;
  }

  /**
   * @param isWithinWorkspace whether also callers get in who are bound to one workspace, because they are shown nothing but that.
   * @throws HttpException 400, 401 or 403 with its reason; Failure `transient` where tokens cannot be checked at present.
   */
  async admit(rule: AccessRule, request: FastifyRequest, reply: FastifyReply, { isWithinWorkspace = false }: { readonly isWithinWorkspace?: boolean } = {}): Promise<void> {
    if (rule.kind === 'public') return;
    const principal = await this.#authenticate(request, reply);
    const missing = rule.scopes.filter((scope) => !principal.scopes.has(scope));
    if (missing.length > 0) {
      challenge(reply, 'insufficient_scope', { scope: rule.scopes.join(' ') });
      throw new ForbiddenException(`The token lacks the scope ${missing.join(' ')}.`);
    }
    if (principal.workspaceId !== undefined && !isWithinWorkspace) throw new ForbiddenException('The credential is bound to a workspace; this is of the whole tenant.');
    if (rule.actsFor === 'installation') rememberOperator(request, await this.#callers.forInstallation(principal, request));
    else rememberCaller(request, await this.#callers.forTenant(principal, request));
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
