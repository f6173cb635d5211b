import type { Vendor } from '@crossdock/contracts';
import type { Connection } from '../connection.ts';
import type { TokenSet } from './token-set.ts';

/** One permission that the hub asks a vendor for. The vendor's page in the documents lists the same ones. */
export interface VendorScope {
  /** By the vendor's own name. */
  readonly name: string;
  /** What the hub needs it for, a sentence for the tenant's administrator. */
  readonly reason: string;
  /** The connection is made without it as well; something the hub offers is missing then. */
  readonly isOptional?: boolean;
}

/** Settings of a connection as the vendor's library reads them, through a schema of its own. Never a secret. */
export type ConnectionSettings = Readonly<Record<string, unknown>>;

/** Opened secrets of a connection by field, such as `access_token`, `refresh_token`, `api_token`, `consumer_key`. */
export type ConnectionSecrets = Readonly<Record<string, string | undefined>>;

/** For whom a call goes out before the connection is there: `connectionId` is the id that it will have. */
export interface AuthorisationParty {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly signal: AbortSignal;
}

/** What the vendor agreed to: all that makes a connection. */
export interface Grant {
  /** The account's unchanging name at the vendor; the same account gives the same id whoever connects it. */
  readonly accountId: string;
  /** What the administrator knows the account by, where the vendor tells it. */
  readonly accountName?: string;
  /** Where this account's interface is reached, if it is the tenant's own address. It is sealed like a secret. */
  readonly endpoint?: string;
  readonly settings: ConnectionSettings;
  readonly tokens?: TokenSet;
  /** What is kept beside the tokens, by field. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Undefined where the vendor does not tell. */
  readonly grantedScopes?: readonly string[];
}

/** A person agrees in the browser, and the vendor sends a code (RFC 6749, section 4.1). */
export interface ConsentFlow {
  /**
   * Where the person is sent. A vendor that has no PKCE leaves `codeChallenge` (RFC 7636, method S256) out of the address.
   * @throws Failure `invalid` where the settings name no place to ask at, such as an unknown data centre.
   */
  authorizationUrl(request: {
    readonly redirectUri: string;
    readonly state: string;
    readonly codeChallenge: string;
    readonly settings: ConnectionSettings;
  }): URL;

  /**
   * Redeems the code, and finds out which account it is for.
   * @throws Failure `unauthorised` where the vendor refuses the code, `invalid` where the callback names a place that is
   * not the vendor's (`callbackParameters` came by the browser: believe none of them unchecked).
   */
  exchangeCode(party: AuthorisationParty, exchange: {
    readonly code: string;
    readonly redirectUri: string;
    readonly codeVerifier: string;
    /** All parameters that came with the code, such as Zoho's `accounts-server` and `location`. */
    readonly callbackParameters: Readonly<Record<string, string>>;
    readonly settings: ConnectionSettings;
  }): Promise<Grant>;
}

/** Keys that a vendor's server has sent for an authorisation. */
export interface KeyDelivery {
  /** What ties them to the authorisation; whoever sent them proves by it alone that they belong there. */
  readonly state: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly grantedScopes: readonly string[];
}

/**
 * A person approves keys on the vendor's page. The vendor's server sends them to the hub before the browser comes back with
 * `success` and the state; then they are tried as credentials are.
 */
export interface KeyApprovalFlow {
  /** @throws Failure `invalid` where the settings name no place to ask at, or the vendor would not send keys to the address. */
  approvalUrl(request: {
    /** Where the browser comes back to. */
    readonly returnUri: string;
    /** Where the vendor's server sends the keys to. */
    readonly deliveryUri: string;
    readonly state: string;
    readonly settings: ConnectionSettings;
  }): URL;
  /** What a vendor's server sent; undefined where it is no delivery of keys. */
  readDelivery(body: unknown): KeyDelivery | undefined;
  /** The state and the answer that the browser comes back with. */
  readReturn(parameters: Readonly<Record<string, string>>): { readonly state: string; readonly isApproved: boolean } | undefined;
}

/** Credentials are at hand: keys that the administrator copied, or the app's own client credentials. */
export interface CredentialFlow {
  /**
   * Tries the credentials and finds out which account they are for.
   * @throws Failure `invalid` where one is missing, `unauthorised` where the vendor refuses them, `forbidden` where they
   * lack a permission that is not optional.
   */
  authorise(party: AuthorisationParty, given: {
    readonly credentials: ConnectionSecrets;
    readonly settings: ConnectionSettings;
  }): Promise<Grant>;
}

/** How accounts of one vendor are connected, kept alive, looked at and disconnected. Each vendor's library has one. */
export interface VendorAuthorisation {
  readonly vendor: Vendor;
  readonly scopes: readonly VendorScope[];
  /** Absent where the vendor, or this installation's settings, offer none. */
  readonly consent?: ConsentFlow;
  /** Needs `credentials` as well: the keys are tried by it. */
  readonly approval?: KeyApprovalFlow;
  readonly credentials?: CredentialFlow;

  /**
   * Gets new tokens; absent where there is nothing to renew. `refreshToken` is undefined where the vendor gives none; then
   * `secrets` hold what else there is to ask with (client credentials).
   * @throws Failure `unauthorised` only where the vendor refuses the authorisation itself (`invalid_grant`): then a person
   * must reconnect. Any other failure leaves the connection as it is.
   */
  refresh?(connection: Connection, refreshToken: string | undefined, signal: AbortSignal, secrets: ConnectionSecrets): Promise<TokenSet>;

  /** The settings that connecting this account again begins with; absent where they are the connection's own. */
  settingsAgain?(connection: Connection): ConnectionSettings;

  /**
   * Takes the authorisation back at the vendor. What was taken back before counts as done.
   * @returns `not_offered` where the vendor has no way to do so; the administrator is told then.
   * @throws Failure
   */
  revoke(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<'revoked' | 'not_offered'>;

  /**
   * One cheap call that shows that the vendor still serves this connection.
   * @throws Failure `unauthorised` where a person must reconnect, `forbidden` where a permission is gone; whatever else
   * kept the call from working.
   */
  probe(connection: Connection, secrets: ConnectionSecrets, signal: AbortSignal): Promise<void>;
}
