import { randomBytes, randomUUID } from 'node:crypto';
import { AuthorizationCodes } from '../authorization/authorization-codes.ts';
import { RateWindow, type RateLimit } from '../rate-window.ts';
import { associationCounts } from './crm/association-counts.ts';
import { Associations } from './crm/associations.ts';
import { CrmRecords, type CrmRecord, type RecordChange } from './crm/crm-records.ts';
import { expiredToken, oauthRefusal, unknownToken } from './hubspot-refusals.ts';
import { newOwners, type Owner } from './owners/owners.ts';
import { PropertyDefinitions } from './properties/property-definitions.ts';

export interface Subscription {
  subscriptionType: string;
  propertyName?: string | undefined;
}

export interface HubSpotApp {
  appId: number;
  clientId: string;
  clientSecret: string;
  /** One address for the app, whatever portal the event is from; null: no webhooks. */
  webhookTargetUrl: string | null;
  subscriptions: Subscription[];
  /** Where people may be sent back to; null: anywhere. */
  redirectUris: string[] | null;
}

export interface Portal {
  portalId: number;
  app: HubSpotApp;
  owners: Owner[];
  definitions: PropertyDefinitions;
  records: CrmRecords;
  associations: Associations;
  associationChanged: (from: CrmRecord, to: CrmRecord, removed: boolean) => void;
  /** Null: calls are counted but never refused. */
  rateLimit: RateLimit | null;
  calls: RateWindow;
  searches: RateWindow;
  /** Whether deals have a second pipeline. */
  hasRenewals: boolean;
}

export interface PortalOptions {
  portalId: number;
  app: HubSpotApp;
  rateLimit: RateLimit | null;
  searchDelayMs: number;
  hasRenewals: boolean;
  recordChanged: (portal: Portal, change: RecordChange) => void;
  associationChanged: (portal: Portal, from: CrmRecord, to: CrmRecord, removed: boolean) => void;
}

/** What one person approved: the app may act in the portal, within these scopes. */
export interface Grant {
  portal: Portal;
  app: HubSpotApp;
  scopes: string[];
  refreshToken: string;
}

/** HubSpot's published burst limit for an app that uses OAuth, per account. */
const publishedRateLimit: RateLimit = { max: 110, intervalMs: 10_000 };
const publishedSearchLimit: RateLimit = { max: 5, intervalMs: 1_000 };
export const accessTokenLifetimeSeconds = 1_800;
/** HubSpot says "a short window" and no figure. */
const codeLifetimeMs = 10 * 60_000;
const codeRefusals = { unknown: 'BAD_AUTH_CODE', expired: 'BAD_AUTH_CODE', 'redirect-uri': 'BAD_REDIRECT_URI', verifier: 'BAD_CODE_VERIFIER' } as const;

/** Apps, the portals that installed them, and the tokens they hold. */
export class HubSpotAccounts {
  readonly apps = new Map<string, HubSpotApp>();
  readonly portals = new Map<number, Portal>();
  private readonly accessTokens = new Map<string, { grant: Grant; expiresAtMs: number }>();
  private readonly grants = new Map<string, Grant>();
  readonly codes = new AuthorizationCodes<Grant>({
    prefix: 'na1-',
    lifetimeMs: codeLifetimeMs,
    refuse: (fault) => oauthRefusal(codeRefusals[fault]),
  });

  clear(): void {
    for (const store of [this.apps, this.portals, this.accessTokens, this.grants, this.codes]) store.clear();
  }

  addPortal(options: PortalOptions): Portal {
    const owners = newOwners();
    const definitions = new PropertyDefinitions(owners);
    const portal: Portal = {
      portalId: options.portalId,
      app: options.app,
      owners,
      definitions,
      records: new CrmRecords({
        definitions,
        searchDelayMs: options.searchDelayMs,
        changed: (change) => {
          options.recordChanged(portal, change);
        },
      }),
      associations: new Associations(),
      associationChanged: (from, to, removed) => {
        options.associationChanged(portal, from, to, removed);
        for (const end of [from, to]) portal.records.recount(end, associationCounts(portal.associations, end));
      },
      rateLimit: options.rateLimit,
      calls: new RateWindow(options.rateLimit ?? publishedRateLimit),
      searches: new RateWindow(publishedSearchLimit),
      hasRenewals: options.hasRenewals,
    };
    this.portals.set(portal.portalId, portal);
    return portal;
  }

  /** What a person agreed to; it works once the code that stands for it has been redeemed. */
  approve(portal: Portal, scopes: readonly string[]): Grant {
    return { portal, app: portal.app, scopes: [...scopes], refreshToken: `na1-${randomUUID()}` };
  }

  /** The app is installed in the portal: from now on its refresh token works. */
  install(portal: Portal, scopes: readonly string[]): Grant {
    const grant = this.approve(portal, scopes);
    this.grants.set(grant.refreshToken, grant);
    return grant;
  }

  issueAccessToken(grant: Grant): string {
    const token = randomBytes(120).toString('base64url');
    this.accessTokens.set(token, { grant, expiresAtMs: Date.now() + accessTokenLifetimeSeconds * 1_000 });
    return token;
  }

  /** Throws HubSpot's 401 for a token that is not known or too old. */
  grantOf(accessToken: string): Grant {
    const known = this.accessTokens.get(accessToken);
    if (known === undefined) throw unknownToken();
    const expiredForMs = Date.now() - known.expiresAtMs;
    if (expiredForMs >= 0) throw expiredToken(expiredForMs);
    return known.grant;
  }

  /** What a live access or refresh token stands for; undefined when it is neither. */
  inspect(token: string): { use: 'access_token' | 'refresh_token'; grant: Grant; expiresInSeconds: number | null } | undefined {
    const refreshed = this.grants.get(token);
    if (refreshed !== undefined) return { use: 'refresh_token', grant: refreshed, expiresInSeconds: null };
    const known = this.accessTokens.get(token);
    const leftMs = (known?.expiresAtMs ?? 0) - Date.now();
    if (known === undefined || leftMs <= 0) return undefined;
    return { use: 'access_token', grant: known.grant, expiresInSeconds: Math.floor(leftMs / 1_000) };
  }

  /** A code works once, for its app, address and verifier. */
  redeemCode(app: HubSpotApp, code: string, redirectUri: string, verifier: string | undefined): Grant {
    const grant = this.codes.redeem(code, redirectUri, verifier);
    if (grant.app !== app) throw oauthRefusal('BAD_AUTH_CODE');
    this.grants.set(grant.refreshToken, grant);
    return grant;
  }

  redeemRefreshToken(app: HubSpotApp, refreshToken: string): Grant {
    const grant = this.grants.get(refreshToken);
    if (grant === undefined || grant.app !== app) throw oauthRefusal('BAD_REFRESH_TOKEN');
    return grant;
  }

  /** Access tokens of a portal (or of all) stop working now; refreshing still works. */
  expireAccessTokens(portalId?: number): void {
    for (const token of this.accessTokens.values()) {
      if (portalId === undefined || token.grant.portal.portalId === portalId) token.expiresAtMs = Date.now();
    }
  }

  /** One refresh token stops working; false when it is not known. */
  revoke(refreshToken: string): boolean {
    return this.grants.delete(refreshToken);
  }

  /** Refresh tokens stop working; access tokens already issued live on, as HubSpot's do. */
  revokeRefreshTokens(portalId?: number): void {
    for (const [token, grant] of this.grants) {
      if (portalId === undefined || grant.portal.portalId === portalId) this.grants.delete(token);
    }
  }
}
