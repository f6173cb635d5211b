import { createHash, randomBytes } from 'node:crypto';
import { entraRefusal } from '../dynamics-refusals.ts';
import type { Environment } from '../environments.ts';

export const accessTokenLifetimeSeconds = 3_599;
const codeLifetimeMs = 600_000;
const refreshTokenLifetimeMs = 90 * 86_400_000;

export interface EntraApp {
  clientId: string;
  clientSecret: string;
  /** Null: any address is taken. */
  redirectUri: string | null;
}

export interface EntraGrant {
  environment: Environment;
  app: EntraApp;
}

interface Code extends EntraGrant {
  redirectUri: string;
  codeChallenge: string | null;
  issuedAtMs: number;
  isRedeemed: boolean;
}

/** Apps, codes and tokens of Microsoft Entra. Each use of a refresh token gives a new one; the old one is not ended by that. */
export class EntraTokens {
  readonly apps = new Map<string, EntraApp>();
  private readonly accessTokens = new Map<string, EntraGrant & { expiresAtMs: number }>();
  private readonly refreshTokens = new Map<string, EntraGrant & { expiresAtMs: number }>();
  private readonly revoked = new Set<string>();
  private readonly codes = new Map<string, Code>();

  issueAccessToken(grant: EntraGrant): string {
    const token = `eyJ0eXAiOiJKV1QifQ.${randomBytes(120).toString('base64url')}.${randomBytes(64).toString('base64url')}`;
    this.accessTokens.set(token, { ...grant, expiresAtMs: Date.now() + accessTokenLifetimeSeconds * 1_000 });
    return token;
  }

  issueRefreshToken(grant: EntraGrant): string {
    const token = `1.${randomBytes(180).toString('base64url')}`;
    this.refreshTokens.set(token, { ...grant, expiresAtMs: Date.now() + refreshTokenLifetimeMs });
    return token;
  }

  issueCode(grant: EntraGrant, redirectUri: string, codeChallenge: string | null): string {
    const code = `1.${randomBytes(160).toString('base64url')}`;
    this.codes.set(code, { ...grant, redirectUri, codeChallenge, issuedAtMs: Date.now(), isRedeemed: false });
    return code;
  }

  environmentOf(accessToken: string): Environment | undefined {
    const known = this.accessTokens.get(accessToken);
    return known !== undefined && known.expiresAtMs > Date.now() ? known.environment : undefined;
  }

  redeemCode(app: EntraApp, code: string, redirectUri: string, verifier: string | undefined): EntraGrant {
    const known = this.codes.get(code);
    if (known === undefined || known.app !== app) throw entraRefusal(400, 'invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.');
    if (known.isRedeemed) throw entraRefusal(400, 'invalid_grant', 54005, 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.');
    if (Date.now() - known.issuedAtMs > codeLifetimeMs) throw entraRefusal(400, 'invalid_grant', 70008, 'The provided authorization code or refresh token has expired due to inactivity.');
    if (known.redirectUri !== redirectUri) throw entraRefusal(400, 'invalid_grant', 500112, 'The reply address does not match the reply address provided when requesting the authorization code.');
    const challenge = createHash('sha256').update(verifier ?? '').digest('base64url');
    if (known.codeChallenge !== null && known.codeChallenge !== challenge) {
      throw entraRefusal(400, 'invalid_grant', 501481, 'The Code_Verifier does not match the code_challenge supplied in the authorization request.');
    }
    known.isRedeemed = true;
    return known;
  }

  redeemRefreshToken(app: EntraApp, token: string): EntraGrant {
    const known = this.refreshTokens.get(token);
    if (known === undefined && this.revoked.has(token)) {
      throw entraRefusal(400, 'invalid_grant', 50173, 'The provided grant has expired due to it being revoked, a fresh auth token is needed.');
    }
    if (known === undefined || known.app !== app) throw entraRefusal(400, 'invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.');
    if (known.expiresAtMs <= Date.now()) throw entraRefusal(400, 'invalid_grant', 700082, 'The refresh token has expired due to inactivity.');
    return known;
  }

  expireCodes(): void {
    for (const code of this.codes.values()) code.issuedAtMs = Number.NEGATIVE_INFINITY;
  }

  expireAccessTokens(orgId: string | undefined): void {
    for (const token of this.accessTokens.values()) if (orgId === undefined || token.environment.orgId === orgId) token.expiresAtMs = Date.now();
  }

  /** An administrator ends all sessions of the user: refresh tokens are refused, access tokens live on until they run out. */
  revokeRefreshTokens(orgId: string | undefined): void {
    for (const [token, { environment }] of this.refreshTokens) {
      if (orgId !== undefined && environment.orgId !== orgId) continue;
      this.refreshTokens.delete(token);
      this.revoked.add(token);
    }
  }

  clear(): void {
    for (const store of [this.apps, this.accessTokens, this.refreshTokens, this.revoked, this.codes]) store.clear();
  }
}
