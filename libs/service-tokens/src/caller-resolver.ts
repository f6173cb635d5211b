import { BadRequestException, ForbiddenException, Injectable } from '@nestjs/common';
import { installationId } from '@crossdock/contracts';
import type { CallerDirectory } from './caller-directory.ts';
import { principalOf, type Caller, type OperatorCaller, type Principal } from './caller.ts';
import { resolveTenant, tenantHeader } from './caller-tenant.ts';
import { ServiceTokenVerifier, TokenRefused } from './service-token.verifier.ts';

/** What of a request says who calls and for whom. */
export interface IdentifiedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Longer than any credential of ours; whoever sends more is not answered with work. */
const bearerPattern = /^Bearer ([A-Za-z0-9._~+/-]{1,4096}=*)$/i;
/** A JSON Web Token has three parts; an API key of ours has this beginning, by which scanners for leaked secrets know it. */
export const apiKeyBeginning = 'crossdock_';

/** The one place where a request's caller and tenant are found out. */
@Injectable()
export class CallerResolver {
  readonly #verifier: ServiceTokenVerifier;
  #directory: CallerDirectory | undefined;

  constructor(verifier: ServiceTokenVerifier) {
    this.#verifier = verifier;
  }

  /** Lets the edge's own knowledge take part. */
  consult(directory: CallerDirectory): void {
    this.#directory = directory;
  }

  /** @throws TokenRefused where the credential does not hold; Failure `transient` where it cannot be checked at present. */
  async authenticate(authorization: string): Promise<Principal> {
    const credential = bearerPattern.exec(authorization)?.[1];
    if (credential === undefined) throw new TokenRefused('The Authorization header holds no bearer token.');
    if (credential.startsWith(apiKeyBeginning)) {
      const owner = await this.#directory?.ownerOfKey(credential);
      if (!owner) throw new TokenRefused('The API key is not known, has expired or was revoked.');
      return owner;
    }
    const principal = principalOf(await this.#verifier.verify(credential));
    const { sessionId, tenantId = installationId } = principal;
    if (sessionId !== undefined && await this.#directory?.isSessionOver(sessionId, tenantId) === true) {
      throw new TokenRefused('The session has ended.');
    }
    return principal;
  }

  /** @throws HttpException 400 where no tenant is named, 403 where two are, it is not the caller's, or it may not be worked for. */
  async forTenant(principal: Principal, request: IdentifiedRequest): Promise<Caller> {
    const header = request.headers[tenantHeader];
    const decision = resolveTenant(principal, {
      header: typeof header === 'object' ? header.join(', ') : header, domain: withoutHome(principal, await this.#tenantOfDomain(request)), page: withoutHome(principal, await this.#tenantOfPage(request)),
    });
    switch (decision.outcome) {
      case 'malformed': throw new BadRequestException(decision.reason);
      case 'forbidden': throw new ForbiddenException(decision.reason);
      case 'resolved':
        await this.#requireGoodStanding(decision.tenantId);
        return { ...principal, tenantId: decision.tenantId };
    }
  }

  /** @throws HttpException 403 where the caller is bound to a tenant, or the request was sent to a tenant's domain. */
  async forInstallation(principal: Principal, request: IdentifiedRequest): Promise<OperatorCaller> {
    if (principal.tenantId !== undefined) throw new ForbiddenException('The token is bound to a tenant; this is for operators.');
    const places = [await this.#tenantOfDomain(request), await this.#tenantOfPage(request)];
    if (places.some((place) => withoutHome(principal, place) !== undefined)) throw new ForbiddenException('This is for operators, and not at a domain of a tenant.');
    return principal;
  }

  /**
   * For requests that name their tenant by what they carry, such as a webhook by its account and a callback by its `state`.
   * @returns false where they were sent to a domain of another tenant.
   */
  async isAtHome(request: IdentifiedRequest, tenantId: string): Promise<boolean> {
    const domain = await this.#tenantOfDomain(request);
    return domain === undefined || domain === tenantId;
  }

  /** A browser says at whose domain the page is that calls. */
  async #tenantOfPage({ headers: { origin } }: IdentifiedRequest): Promise<string | undefined> {
    const page = typeof origin === 'string' ? URL.parse(origin) : null;
    return page === null || page.hostname === '' ? undefined : this.#directory?.tenantOfDomain(page.hostname);
  }

  async #tenantOfDomain({ headers: { host } }: IdentifiedRequest): Promise<string | undefined> {
    const domain = typeof host === 'string' ? host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '') : '';
    return domain === '' ? undefined : this.#directory?.tenantOfDomain(domain);
  }

  async #requireGoodStanding(tenantId: string): Promise<void> {
    switch (await this.#directory?.standingOf(tenantId)) {
      case 'suspended':
        throw new ForbiddenException({ code: 'tenant_suspended', message: 'The tenant is suspended: its work rests until an operator resumes it.' });
      case 'deleted':
        throw new ForbiddenException({ code: 'tenant_deleted', message: 'The tenant was deleted.' });
      case 'active':
      case undefined:
    }
  }
}

/** A tenant that a domain names; for a person who runs the installation its own domains name none. */
function withoutHome(principal: Principal, named: string | undefined): string | undefined {
  return named === installationId && principal.isOperator === true ? undefined : named;
}
