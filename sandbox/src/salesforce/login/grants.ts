import { randomBytes } from 'node:crypto';
import { AuthorizationCodes } from '../../authorization/authorization-codes.ts';
import type { Org } from '../orgs.ts';
import { invalidSession, oauthRefusal } from '../salesforce-refusals.ts';

/** What one person approved: the app may act in the org, within these scopes. */
export interface Grant {
  org: Org;
  scopes: string[];
}

interface Session {
  grant: Grant;
  openedAtMs: number;
  lastUsedMs: number;
}

/** An approval's code lives for 15 minutes (help.salesforce.com, "OAuth 2.0 Web Server Flow"). */
const codeLifetimeMs = 15 * 60_000;

/** Approvals with their codes, sessions (which are the access tokens) and refresh tokens. */
export class Grants {
  readonly codes = new AuthorizationCodes<Grant>({
    prefix: 'aPrx',
    lifetimeMs: codeLifetimeMs,
    refuse: (fault) => {
      if (fault === 'redirect-uri') return oauthRefusal('redirect_uri_mismatch', 'redirect_uri must match configuration');
      if (fault === 'expired') return oauthRefusal('invalid_grant', 'expired authorization code');
      return oauthRefusal('invalid_grant', fault === 'verifier' ? 'invalid code verifier' : 'invalid authorization code');
    },
  });
  private readonly sessions = new Map<string, Session>();
  private readonly refreshTokens = new Map<string, Grant>();

  openSession(grant: Grant): string {
    const token = `${grant.org.orgId.slice(0, 15)}!${randomBytes(72).toString('base64url')}`;
    const now = Date.now();
    this.sessions.set(token, { grant, openedAtMs: now, lastUsedMs: now });
    return token;
  }

  /** The session of a token that is live; a session that is used lives on. Throws 401. */
  use(accessToken: string): Grant {
    const session = this.liveSession(accessToken);
    if (session === undefined) throw invalidSession();
    session.lastUsedMs = Date.now();
    return session.grant;
  }

  /** What a live token stands for, without using it. */
  inspect(token: string): { grant: Grant; issuedAtMs: number | null; expiresAtMs: number | null } | undefined {
    const session = this.liveSession(token);
    if (session !== undefined) {
      return { grant: session.grant, issuedAtMs: session.openedAtMs, expiresAtMs: session.lastUsedMs + timeoutMs(session) };
    }
    const grant = this.refreshTokens.get(token);
    return grant && { grant, issuedAtMs: null, expiresAtMs: null };
  }

  issueRefreshToken(grant: Grant): string {
    const token = `5Aep${randomBytes(60).toString('base64url')}`;
    this.refreshTokens.set(token, grant);
    return token;
  }

  /** With rotation a refresh token works once and the answer holds the next. */
  redeemRefreshToken(token: string): { grant: Grant; next: string | null } {
    const grant = this.refreshTokens.get(token);
    if (grant === undefined) throw oauthRefusal('invalid_grant', 'expired access/refresh token');
    if (!grant.org.options.rotateRefreshTokens) return { grant, next: null };
    this.refreshTokens.delete(token);
    return { grant, next: this.issueRefreshToken(grant) };
  }

  /** Ends a session, or a refresh token with all sessions of its approval; false when the token is neither. */
  revoke(token: string): boolean {
    const grant = this.refreshTokens.get(token);
    if (grant === undefined) return this.sessions.delete(token);
    this.refreshTokens.delete(token);
    for (const [session, opened] of this.sessions) if (opened.grant === grant) this.sessions.delete(session);
    return true;
  }

  endSessions(orgId: string | undefined): void {
    for (const [token, { grant }] of this.sessions) {
      if (orgId === undefined || grant.org.orgId === orgId) this.sessions.delete(token);
    }
  }

  revokeRefreshTokens(orgId: string | undefined): void {
    for (const [token, { org }] of this.refreshTokens) {
      if (orgId === undefined || org.orgId === orgId) this.refreshTokens.delete(token);
    }
  }

  clear(): void {
    for (const store of [this.sessions, this.refreshTokens, this.codes]) store.clear();
  }

  private liveSession(token: string): Session | undefined {
    const session = this.sessions.get(token);
    return session !== undefined && Date.now() - session.lastUsedMs <= timeoutMs(session) ? session : undefined;
  }
}

const timeoutMs = ({ grant }: Session): number => grant.org.options.sessionTimeoutSeconds * 1_000;
