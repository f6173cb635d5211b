import {
  BadRequestException, ForbiddenException, Injectable, UnauthorizedException, type CanActivate, type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessRuleKey, type AccessRule } from './access-rule.ts';
import { parseScope, type AccessTokenClaims } from './access-token.ts';
import { resolveTenant, tenantHeader } from './caller-tenant.ts';
import { rememberCaller, rememberOperator } from './service-caller.ts';
import { ServiceTokenVerifier, TokenRefused } from './service-token.verifier.ts';

/** Longer than any token of ours; whoever sends more is not answered with work. */
const bearerPattern = /^Bearer ([A-Za-z0-9._~+/-]{1,4096}=*)$/i;

/**
 * Lets a request through where its route has a rule and its token satisfies it. A route without a rule is refused, so
 * that a forgotten decorator closes a route instead of opening it. Events from the bus pass: they come by the broker's
 * own authentication.
 */
@Injectable()
export class ServiceTokenGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #verifier: ServiceTokenVerifier;

  constructor(reflector: Reflector, verifier: ServiceTokenVerifier) {
    this.#reflector = reflector;
    this.#verifier = verifier;
  }

  /** @throws HttpException 400, 401 or 403 with its reason; Failure `transient` where tokens cannot be checked at present. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const rule = this.#reflector.getAllAndOverride<AccessRule | undefined>(accessRuleKey, [context.getHandler(), context.getClass()]);
    if (!rule) throw new ForbiddenException('The route has no access rule, so nobody may use it.');
    if (rule.kind === 'public') return true;

    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const claims = await this.#authenticate(request, reply);
    const scopes = new Set(parseScope(claims.scope));
    const missing = rule.scopes.filter((scope) => !scopes.has(scope));
    if (missing.length > 0) {
      challenge(reply, 'insufficient_scope', { scope: rule.scopes.join(' ') });
      throw new ForbiddenException(`The token lacks the scope ${missing.join(' ')}.`);
    }
    if (rule.actsFor === 'installation') {
      refuseTenantBound(claims);
      rememberOperator(request, { clientId: claims.sub, scopes });
    } else rememberCaller(request, { clientId: claims.sub, tenantId: requireTenant(claims, request), scopes });
    return true;
  }

  async #authenticate(request: FastifyRequest, reply: FastifyReply): Promise<AccessTokenClaims> {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      challenge(reply);
      throw new UnauthorizedException('The request carries no access token.');
    }
    const token = bearerPattern.exec(authorization)?.[1];
    try {
      if (token === undefined) throw new TokenRefused('The Authorization header holds no bearer token.');
      return await this.#verifier.verify(token);
    } catch (thrown) {
      if (!(thrown instanceof TokenRefused)) throw thrown;
      challenge(reply, 'invalid_token', { error_description: thrown.message.replaceAll('"', "'") });
      throw new UnauthorizedException(thrown.message);
    }
  }
}

function refuseTenantBound({ tenant }: AccessTokenClaims): void {
  if (tenant !== undefined) throw new ForbiddenException('The token is bound to a tenant; this is for operators.');
}

function requireTenant(claims: AccessTokenClaims, request: FastifyRequest): string {
  const header = request.headers[tenantHeader];
  const decision = resolveTenant(claims, Array.isArray(header) ? header.join(', ') : header);
  switch (decision.outcome) {
    case 'resolved': return decision.tenantId;
    case 'malformed': throw new BadRequestException(decision.reason);
    case 'forbidden': throw new ForbiddenException(decision.reason);
  }
}

/** RFC 6750 §3: what the caller lacks, for machines. */
function challenge(reply: FastifyReply, error?: string, parameters: Record<string, string> = {}): void {
  const named = Object.entries({ ...(error !== undefined && { error }), ...parameters });
  void reply.header('www-authenticate', ['Bearer realm="crossdock"', ...named.map(([name, value]) => `${name}="${value}"`)].join(', '));
}
