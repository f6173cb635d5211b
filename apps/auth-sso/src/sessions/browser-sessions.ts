import { ForbiddenException, NotFoundException, UnauthorizedException } from '@nestjs/common';
import type { PersonRole } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import type { IdentityAudit } from '../audit/identity-audit.ts';
import { readSecret, type CarriedSecret, type ClaimedSecret } from '../browser/carried-secret.ts';
import { cookieNames, cookieOf } from '../browser/cookies.ts';
import { people } from '../people/person.repository.ts';
import type { ApplicationDomain, ApplicationDomains } from '../sign-on/application-domains.ts';
import type { TenantWork } from '../tenant-work.ts';
import type { PersonTokens } from './person-tokens.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** What a page of an application sends. */
export interface SessionRequest {
  readonly host: string | undefined;
  readonly cookies: string | undefined;
  readonly origin: string | undefined;
}

export interface RenewedAccess {
  readonly accessToken: string;
  readonly session: Session;
  readonly roles: readonly PersonRole[];
  /** For the browser to keep; undefined where it holds the newest one. */
  readonly newKey: CarriedSecret | undefined;
}

export interface BrowserSessionsOptions {
  readonly work: TenantWork;
  readonly domains: ApplicationDomains;
  readonly sessions: Sessions;
  readonly tokens: PersonTokens;
  readonly audit: IdentityAudit;
}

/**
 * What a signed-on person's browser does with its session at an application: access tokens, the list of sessions, signing
 * out. A cookie proves the browser; what changes something must also come from a page of the application itself.
 */
export class BrowserSessions {
  readonly #options: BrowserSessionsOptions;

  constructor(options: BrowserSessionsOptions) {
    this.#options = options;
  }

  /**
   * An access token for the gateway, and a new key in place of the one that was sent.
   * @throws HttpException 401 where the session is over, 403 where the request comes from elsewhere.
   */
  async renew(request: SessionRequest): Promise<RenewedAccess> {
    const { domain, key } = await this.#own(request, 'changing');
    const { work, sessions, tokens } = this.#options;
    const renewed = await work.run(domain.tenantId, async (manager) => {
      const presented = await sessions.present(manager, key, domain.host);
      if (presented.outcome !== 'live') {
        await this.#refused(manager, domain, presented);
        return undefined;
      }
      const { session } = presented;
      const person = await people.find(manager, session.personId);
      const roles = person?.isActive === true ? await people.rolesOf(manager, session.personId) : [];
      if (roles.length === 0) {
        await sessions.end(manager, [session], 'person_removed');
        return undefined;
      }
      return { session, roles, newKey: presented.newKey, name: person?.displayName ?? person?.userName ?? session.personId };
    });
    if (!renewed) throw over();
    return { ...renewed, accessToken: await tokens.sign(renewed.session, renewed.roles, renewed.name) };
  }

  /** The person's live sessions, and which of them is this one. @throws HttpException 401 */
  async list(request: SessionRequest): Promise<{ readonly sessions: readonly Session[]; readonly current: string }> {
    return this.#withSession(request, 'reading', async (manager, session) => ({
      sessions: await this.#options.sessions.listOf(manager, session.personId), current: session.sessionId,
    }));
  }

  /** Ends one of the person's own sessions. @throws HttpException 401, 403, 404 */
  async revoke(request: SessionRequest, sessionId: string): Promise<void> {
    const isFound = await this.#withSession(request, 'changing', async (manager, { personId }) => {
      const session = await this.#options.sessions.find(manager, sessionId);
      if (session?.personId !== personId) return false;
      await this.#end(manager, session, 'revoked');
      return true;
    });
    if (!isFound) throw new NotFoundException('You have no such session.');
  }

  /** Ends this session at every application. One that is over already is no fault. @throws HttpException 403 */
  async signOut(request: SessionRequest): Promise<void> {
    await this.#withSession(request, 'changing', (manager, session) => this.#end(manager, session, 'signed_out')).catch((thrown: unknown) => {
      if (!(thrown instanceof UnauthorizedException)) throw thrown;
    });
  }

  async #end(manager: EntityManager, session: Session, reason: 'revoked' | 'signed_out'): Promise<void> {
    await this.#options.sessions.end(manager, [session], reason);
    await this.#options.audit.record(manager, {
      action: reason === 'revoked' ? 'session_end' : 'sign_out', outcome: 'done', code: reason,
      actor: { kind: 'person', id: session.personId }, personId: session.personId, sessionId: session.sessionId,
    });
  }

  async #refused(manager: EntityManager, domain: ApplicationDomain, presented: { readonly outcome: 'over' } | { readonly outcome: 'reused'; readonly session: Session }): Promise<void> {
    if (presented.outcome === 'over') return;
    await this.#options.audit.record(manager, {
      action: 'token_renewal', outcome: 'refused', code: 'refresh_reused', actor: { kind: 'unknown' }, domain: domain.host,
      personId: presented.session.personId, sessionId: presented.session.sessionId,
    });
  }

  async #withSession<Result>(request: SessionRequest, kind: 'reading' | 'changing', work: (manager: EntityManager, session: Session) => Promise<Result>): Promise<Result> {
    const { domain, key } = await this.#own(request, kind);
    const found = await this.#options.work.run(domain.tenantId, async (manager) => {
      const session = await this.#options.sessions.open(manager, key, domain.host);
      return session ? { result: await work(manager, session) } : undefined;
    });
    if (!found) throw over();
    return found.result;
  }

  async #own({ host, cookies, origin }: SessionRequest, kind: 'reading' | 'changing'): Promise<{ readonly domain: ApplicationDomain; readonly key: ClaimedSecret }> {
    const domain = await this.#options.domains.find(host);
    if (!domain) throw new NotFoundException('No application is served under this host.');
    // Every browser names the origin of a request that may change something; one of another page is refused (CSRF).
    if (kind === 'changing' && origin !== domain.origin) throw new ForbiddenException('The request must come from a page of this application.');
    const key = readSecret(cookieOf(cookies, cookieNames.session));
    if (key?.tenantId !== domain.tenantId) throw over();
    return { domain, key };
  }
}

function over(): UnauthorizedException {
  return new UnauthorizedException('Nobody is signed on, or the session is over. Sign on again at /sign-on/start.');
}
