import { randomBytes } from 'node:crypto';
import { AuthorizationCodes } from '../../authorization/authorization-codes.ts';
import { RateWindow } from '../../rate-window.ts';
import { invalidToken, tokenRefusal, tooManyTokens } from '../zoho-refusals.ts';
import type { Org } from '../zoho-orgs.ts';

/** What one person approved: the app may act in the organisation, within these scopes. */
export interface Grant {
  org: Org;
  scopes: string[];
  /** A refresh token was asked for (`access_type=offline`), and this is a first approval or one asked for anew (`prompt=consent`). */
  isOffline: boolean;
}

interface Renewable {
  grant: Grant;
  issued: RateWindow;
}

export const accessTokenLifetimeSeconds = 3_600;
/** At most 10 access tokens in 10 minutes from one refresh token. */
const tokenCap = { max: 10, intervalMs: 600_000 };
/** "Short-lived", says Zoho; two minutes here. */
const codeLifetimeMs = 120_000;
const zohoToken = (): string => `1000.${randomBytes(16).toString('hex')}.${randomBytes(16).toString('hex')}`;

/** Approvals with their codes, access tokens and refresh tokens. Refresh tokens neither expire nor rotate. */
export class ZohoGrants {
  readonly codes = new AuthorizationCodes<Grant>({
    prefix: '1000.',
    lifetimeMs: codeLifetimeMs,
    refuse: (fault) => tokenRefusal(fault === 'redirect-uri' ? 'invalid_redirect_uri' : 'invalid_code'),
  });
  private readonly approvedApps = new Set<string>();
  private readonly accessTokens = new Map<string, { grant: Grant; expiresAtMs: number }>();
  private readonly refreshTokens = new Map<string, Renewable>();

  approve(org: Org, scopes: string[], { offline, consentAgain }: { offline: boolean; consentAgain: boolean }): Grant {
    const isFirst = !this.approvedApps.has(org.orgId);
    this.approvedApps.add(org.orgId);
    return { org, scopes, isOffline: offline && (isFirst || consentAgain) };
  }

  issueAccessToken(grant: Grant): string {
    const token = zohoToken();
    this.accessTokens.set(token, { grant, expiresAtMs: Date.now() + accessTokenLifetimeSeconds * 1_000 });
    return token;
  }

  issueRefreshToken(grant: Grant): string {
    const token = zohoToken();
    this.refreshTokens.set(token, { grant, issued: new RateWindow(tokenCap) });
    return token;
  }

  /** The grant of a live access token; throws 401. */
  use(accessToken: string): Grant {
    const known = this.accessTokens.get(accessToken);
    if (known === undefined || known.expiresAtMs <= Date.now()) throw invalidToken();
    return known.grant;
  }

  /** Throws `invalid_code` for a token that is not known, or was revoked, and refuses one that is used too often. */
  redeemRefreshToken(token: string, serves: (org: Org) => boolean): Grant {
    const known = this.refreshTokens.get(token);
    if (known === undefined || !serves(known.grant.org)) throw tokenRefusal('invalid_code');
    if (!known.issued.take(Date.now()).allowed) throw tooManyTokens();
    return known.grant;
  }

  /** Ends a refresh token with all access tokens of its approval, or one access token; false when it is neither. */
  revoke(token: string): boolean {
    const known = this.refreshTokens.get(token);
    if (known === undefined) return this.accessTokens.delete(token);
    this.refreshTokens.delete(token);
    for (const [access, { grant }] of this.accessTokens) if (grant === known.grant) this.accessTokens.delete(access);
    return true;
  }

  expireAccessTokens(orgId: string | undefined): void {
    for (const token of this.accessTokens.values()) if (orgId === undefined || token.grant.org.orgId === orgId) token.expiresAtMs = 0;
  }

  revokeRefreshTokens(orgId: string | undefined): void {
    for (const [token, { grant }] of this.refreshTokens) if (orgId === undefined || grant.org.orgId === orgId) this.refreshTokens.delete(token);
  }

  clear(): void {
    for (const store of [this.codes, this.approvedApps, this.accessTokens, this.refreshTokens]) store.clear();
  }
}
