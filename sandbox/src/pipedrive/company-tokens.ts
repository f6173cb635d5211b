import { randomBytes } from 'node:crypto';
import { AuthorizationCodes } from '../authorization/authorization-codes.ts';
import type { Scope } from './company-plan.ts';
import type { Caller, Company } from './pipedrive-companies.ts';
import { invalidToken, oauthRefusal } from './pipedrive-refusals.ts';

export const accessTokenLifetimeSeconds = 3_600;
const codeLifetimeMs = 300_000;
const refreshTokenLifetimeMs = 60 * 86_400_000;

export interface PipedriveApp {
  clientId: string;
  clientSecret: string;
  scopes: readonly Scope[];
  /** Null: any address is taken. */
  redirectUri: string | null;
}

export interface Grant {
  company: Company;
  app: PipedriveApp;
  refreshToken: string;
  lastUsedMs: number;
}

/** Apps, codes that work once within five minutes, and tokens. A refresh token stays the same and dies after 60 idle days. */
export class CompanyTokens {
  readonly apps = new Map<string, PipedriveApp>();
  private readonly accessTokens = new Map<string, { grant: Grant; expiresAtMs: number }>();
  private readonly grants = new Map<string, Grant>();
  private readonly codes = new AuthorizationCodes<{ company: Company; app: PipedriveApp }>({
    prefix: '',
    lifetimeMs: codeLifetimeMs,
    refuse: (fault) => {
      if (fault === 'redirect-uri') return oauthRefusal('invalid_request', 'Invalid request: redirect_uri is invalid');
      return oauthRefusal('invalid_grant', `Invalid grant: authorization_code ${fault === 'expired' ? 'has expired' : 'is invalid'}`);
    },
  });

  /** The app is installed: from now on its refresh token works. */
  install(company: Company, app: PipedriveApp): Grant {
    const refreshToken = `${String(company.companyId)}:${String(company.userId)}:${randomBytes(20).toString('hex')}`;
    const grant: Grant = { company, app, refreshToken, lastUsedMs: Date.now() };
    this.grants.set(refreshToken, grant);
    return grant;
  }

  issueAccessToken(grant: Grant): string {
    const token = `v1u:${randomBytes(90).toString('base64')}`;
    this.accessTokens.set(token, { grant, expiresAtMs: Date.now() + accessTokenLifetimeSeconds * 1_000 });
    return token;
  }

  callerByAccessToken(token: string): Caller {
    const known = this.accessTokens.get(token);
    if (known === undefined || known.expiresAtMs <= Date.now()) throw invalidToken();
    return { company: known.grant.company, kind: 'app', scopes: known.grant.app.scopes };
  }

  issueCode(company: Company, app: PipedriveApp, redirectUri: string): string {
    return this.codes.issue({ company, app }, redirectUri, null);
  }

  redeemCode(app: PipedriveApp, code: string, redirectUri: string): Grant {
    const approval = this.codes.redeem(code, redirectUri, undefined);
    if (approval.app !== app) throw oauthRefusal('invalid_grant', 'Invalid grant: authorization_code is invalid');
    return this.install(approval.company, app);
  }

  expireCodes(): void {
    this.codes.expireAll();
  }

  redeemRefreshToken(app: PipedriveApp, refreshToken: string): Grant {
    const grant = this.grants.get(refreshToken);
    if (grant === undefined || grant.app !== app || Date.now() - grant.lastUsedMs > refreshTokenLifetimeMs) {
      throw oauthRefusal('invalid_grant', 'Invalid grant: refresh_token is invalid');
    }
    grant.lastUsedMs = Date.now();
    return grant;
  }

  /** An access token ends alone; a refresh token takes the whole installation with it. */
  revoke(token: string): void {
    const grant = this.grants.get(token);
    this.accessTokens.delete(token);
    if (grant === undefined) return;
    this.grants.delete(token);
    for (const [accessToken, known] of this.accessTokens) if (known.grant === grant) this.accessTokens.delete(accessToken);
  }

  expireAccessTokens(domain: string | undefined): void {
    for (const known of this.accessTokens.values()) if (isOf(known.grant.company, domain)) known.expiresAtMs = Date.now();
  }

  revokeRefreshTokens(domain: string | undefined): void {
    for (const grant of this.grants.values()) if (isOf(grant.company, domain)) this.revoke(grant.refreshToken);
  }

  clear(): void {
    for (const store of [this.apps, this.accessTokens, this.grants, this.codes]) store.clear();
  }
}

const isOf = (company: Company, domain: string | undefined): boolean => domain === undefined || company.options.domain === domain;
