import { createHash, randomBytes } from 'node:crypto';
import { longId } from './records/record-ids.ts';
import { apiDisabled, invalidSession, oauthRefusal, requestLimitExceeded } from './salesforce-refusals.ts';
import { SObjectRecords, type SObjectRecord } from './records/sobject-records.ts';
import type { Selection } from './soql/soql-selection.ts';

export interface OrgOptions {
  clientId: string;
  clientSecret: string;
  dailyApiRequests: number;
  sessionTimeoutSeconds: number;
  rotateRefreshTokens: boolean;
  uniqueExternalIds: boolean;
  apiEnabled: boolean;
  queryPageSize: number;
}

export interface Org {
  orgId: string;
  userId: string;
  options: OrgOptions;
  records: SObjectRecords;
  usedRequests: number;
  /** Results that have further pages, by their locator. */
  openQueries: Map<string, { selection: Selection; rest: SObjectRecord[] }>;
}

interface Session {
  org: Org;
  lastUsedMs: number;
}

/** Orgs, their sessions and refresh tokens. */
export class Orgs {
  readonly byId = new Map<string, Org>();
  private readonly sessions = new Map<string, Session>();
  private readonly refreshTokens = new Map<string, Org>();
  private readonly codes = new Map<string, { org: Org; redirectUri: string | null; codeChallenge: string | null }>();
  private lastNumber = 0;

  add(options: OrgOptions): Org {
    this.lastNumber += 1;
    const number = String(this.lastNumber).padStart(9, '0');
    const org: Org = {
      orgId: longId(`00Dak0${number}`),
      userId: longId(`005ak0${number}`),
      options,
      records: new SObjectRecords(options.uniqueExternalIds),
      usedRequests: 0,
      openQueries: new Map(),
    };
    this.byId.set(org.orgId, org);
    return org;
  }

  openSession(org: Org): string {
    const token = `${org.orgId.slice(0, 15)}!${randomBytes(72).toString('base64url')}`;
    this.sessions.set(token, { org, lastUsedMs: Date.now() });
    return token;
  }

  /** The org of a live session, with the call counted; throws 401 or 403. A session lives on while it is used. */
  enter(accessToken: string): Org {
    const session = this.sessions.get(accessToken);
    const now = Date.now();
    if (session === undefined) throw invalidSession();
    if (now - session.lastUsedMs > session.org.options.sessionTimeoutSeconds * 1_000) throw invalidSession();
    session.lastUsedMs = now;
    const { org } = session;
    if (!org.options.apiEnabled) throw apiDisabled();
    if (org.usedRequests >= org.options.dailyApiRequests) throw requestLimitExceeded();
    org.usedRequests += 1;
    return org;
  }

  issueRefreshToken(org: Org): string {
    const token = `5Aep${randomBytes(60).toString('base64url')}`;
    this.refreshTokens.set(token, org);
    return token;
  }

  issueCode(org: Org, redirectUri: string | null, codeChallenge: string | null): string {
    const code = `aPrx${randomBytes(40).toString('base64url')}`;
    this.codes.set(code, { org, redirectUri, codeChallenge });
    return code;
  }

  redeemCode(code: string, redirectUri: string, verifier: string | undefined): Org {
    const known = this.codes.get(code);
    if (known === undefined) throw oauthRefusal('invalid_grant', 'invalid authorization code');
    if (known.redirectUri !== null && known.redirectUri !== redirectUri) {
      throw oauthRefusal('redirect_uri_mismatch', 'redirect_uri must match configuration');
    }
    const challenge = createHash('sha256').update(verifier ?? '').digest('base64url');
    if (known.codeChallenge !== null && known.codeChallenge !== challenge) {
      throw oauthRefusal('invalid_grant', 'invalid code verifier');
    }
    this.codes.delete(code);
    return known.org;
  }

  /** With rotation a refresh token works once and the answer holds the next. */
  redeemRefreshToken(token: string): { org: Org; next: string | null } {
    const org = this.refreshTokens.get(token);
    if (org === undefined) throw oauthRefusal('invalid_grant', 'expired access/refresh token');
    if (!org.options.rotateRefreshTokens) return { org, next: null };
    this.refreshTokens.delete(token);
    return { org, next: this.issueRefreshToken(org) };
  }

  /** False when the token is neither a session nor a refresh token. */
  revoke(token: string): boolean {
    return this.sessions.delete(token) || this.refreshTokens.delete(token);
  }

  endSessions(orgId: string | undefined): void {
    for (const [token, session] of this.sessions) {
      if (orgId === undefined || session.org.orgId === orgId) this.sessions.delete(token);
    }
  }

  revokeRefreshTokens(orgId: string | undefined): void {
    for (const [token, org] of this.refreshTokens) {
      if (orgId === undefined || org.orgId === orgId) this.refreshTokens.delete(token);
    }
  }

  clear(): void {
    for (const store of [this.byId, this.sessions, this.refreshTokens, this.codes]) store.clear();
  }
}
