import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { RateWindow, type RateLimit } from '../rate-window.ts';
import { Associations } from './crm/associations.ts';
import { CrmRecords, type CrmRecord, type RecordChange } from './crm/crm-records.ts';
import { expiredToken, oauthRefusal, unknownToken } from './hubspot-refusals.ts';
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
}

export interface Portal {
  portalId: number;
  app: HubSpotApp;
  definitions: PropertyDefinitions;
  records: CrmRecords;
  associations: Associations;
  associationChanged: (from: CrmRecord, to: CrmRecord, removed: boolean) => void;
  /** Null: calls are counted but never refused. */
  rateLimit: RateLimit | null;
  calls: RateWindow;
  searches: RateWindow;
}

export interface PortalOptions {
  portalId: number;
  app: HubSpotApp;
  rateLimit: RateLimit | null;
  searchDelayMs: number;
  recordChanged: (portal: Portal, change: RecordChange) => void;
  associationChanged: (portal: Portal, from: CrmRecord, to: CrmRecord, removed: boolean) => void;
}

interface Grant {
  portal: Portal;
  app: HubSpotApp;
  refreshToken: string;
}

interface AuthorizationCode {
  grant: Grant;
  redirectUri: string | null;
  codeChallenge: string | null;
}

/** HubSpot's published burst limit for an app that uses OAuth, per account. */
const publishedRateLimit: RateLimit = { max: 110, intervalMs: 10_000 };
const publishedSearchLimit: RateLimit = { max: 5, intervalMs: 1_000 };
export const accessTokenLifetimeSeconds = 1_800;

/** Apps, the portals that installed them, and the tokens they hold. */
export class HubSpotAccounts {
  readonly apps = new Map<string, HubSpotApp>();
  readonly portals = new Map<number, Portal>();
  private readonly accessTokens = new Map<string, { portal: Portal; expiresAtMs: number }>();
  private readonly grants = new Map<string, Grant>();
  private readonly codes = new Map<string, AuthorizationCode>();

  clear(): void {
    for (const store of [this.apps, this.portals, this.accessTokens, this.grants, this.codes]) store.clear();
  }

  addPortal(options: PortalOptions): Portal {
    const definitions = new PropertyDefinitions();
    const portal: Portal = {
      portalId: options.portalId,
      app: options.app,
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
      },
      rateLimit: options.rateLimit,
      calls: new RateWindow(options.rateLimit ?? publishedRateLimit),
      searches: new RateWindow(publishedSearchLimit),
    };
    this.portals.set(portal.portalId, portal);
    return portal;
  }

  /** The app is installed in the portal: from now on its refresh token works. */
  install(portal: Portal): Grant {
    const grant: Grant = { portal, app: portal.app, refreshToken: `na1-${randomUUID()}` };
    this.grants.set(grant.refreshToken, grant);
    return grant;
  }

  issueAccessToken(portal: Portal): string {
    const token = randomBytes(120).toString('base64url');
    this.accessTokens.set(token, { portal, expiresAtMs: Date.now() + accessTokenLifetimeSeconds * 1_000 });
    return token;
  }

  /** Throws HubSpot's 401 for a token that is not known or too old. */
  portalOf(accessToken: string): Portal {
    const known = this.accessTokens.get(accessToken);
    if (known === undefined) throw unknownToken();
    const expiredForMs = Date.now() - known.expiresAtMs;
    if (expiredForMs >= 0) throw expiredToken(expiredForMs);
    return known.portal;
  }

  issueCode(portal: Portal, redirectUri: string | null, codeChallenge: string | null): string {
    const code = randomUUID();
    this.codes.set(code, { grant: this.install(portal), redirectUri, codeChallenge });
    return code;
  }

  /** A code works once, for its app, address and verifier. */
  redeemCode(app: HubSpotApp, code: string, redirectUri: string, verifier: string | undefined): Grant {
    const known = this.codes.get(code);
    if (known === undefined || known.grant.app !== app) throw oauthRefusal('BAD_AUTH_CODE');
    if (known.redirectUri !== null && known.redirectUri !== redirectUri) throw oauthRefusal('BAD_REDIRECT_URI');
    const challenge = createHash('sha256').update(verifier ?? '').digest('base64url');
    if (known.codeChallenge !== null && known.codeChallenge !== challenge) throw oauthRefusal('BAD_CODE_VERIFIER');
    this.codes.delete(code);
    return known.grant;
  }

  redeemRefreshToken(app: HubSpotApp, refreshToken: string): Grant {
    const grant = this.grants.get(refreshToken);
    if (grant === undefined || grant.app !== app) throw oauthRefusal('BAD_REFRESH_TOKEN');
    return grant;
  }

  /** Access tokens of a portal (or of all) stop working now; refreshing still works. */
  expireAccessTokens(portalId?: number): void {
    for (const token of this.accessTokens.values()) {
      if (portalId === undefined || token.portal.portalId === portalId) token.expiresAtMs = Date.now();
    }
  }

  /** Refresh tokens stop working; access tokens already issued live on, as HubSpot's do. */
  revokeRefreshTokens(portalId?: number): void {
    for (const [token, grant] of this.grants) {
      if (portalId === undefined || grant.portal.portalId === portalId) this.grants.delete(token);
    }
  }
}
