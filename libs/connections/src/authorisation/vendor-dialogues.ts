import { Failure, type Vendor } from '@crossdock/contracts';
import { codeChallengeOf } from './authorisation-state.ts';
import type { GrantRefusal } from './granted-connections.ts';
import type { AuthorisationDetails, PendingAuthorisation } from './pending-authorisations.ts';
import type { ConnectionSettings, ConsentFlow, CredentialFlow, Grant, VendorAuthorisation } from './vendor-authorisation.ts';

/** Why an authorisation came to nothing; nothing is stored then but the audit. */
export type AuthorisationRefusal =
  | GrantRefusal
  /** Made up, or of another installation. */
  | 'forged'
  | 'unknown' | 'expired' | 'used' | 'other_browser'
  /** The person said no. */
  | 'denied'
  | 'missing_scopes'
  /** The vendor sends to a place that is not its own, such as an unknown data centre. */
  | 'wrong_place'
  | 'refused_by_vendor' | 'vendor_away';

export interface VendorDialoguesOptions {
  readonly vendors: Partial<Record<Vendor, VendorAuthorisation>>;
  /** Where vendors send people back to; registered with each vendor's app. */
  readonly redirectUri: string;
  /** Where a vendor's server sends keys that a person has approved. */
  readonly deliveryUriOf: (vendor: Vendor) => string;
}

/** How long a vendor may take to redeem a code, or to try keys. */
export const exchangeTimeoutMs = 30_000;

/** What is said to vendors and what they bring back, in each vendor's own way: a code by consent, or keys that were approved. */
export class VendorDialogues {
  readonly #options: VendorDialoguesOptions;

  constructor(options: VendorDialoguesOptions) {
    this.#options = options;
  }

  /** The state that a browser brings back: by the name of RFC 6749, or by the one that a vendor has for it. */
  stateIn(parameters: Readonly<Record<string, string>>): string {
    const { state } = parameters;
    if (state !== undefined) return state;
    for (const vendor of Object.values(this.#options.vendors)) {
      const returned = vendor.approval?.readReturn(parameters);
      if (returned) return returned.state;
    }
    return '';
  }

  /** Why what the browser brought cannot become a connection, as far as it says so itself. */
  refusalIn(
    vendor: Vendor, parameters: Readonly<Record<string, string>>, { delivered }: AuthorisationDetails,
  ): { readonly refusal: AuthorisationRefusal; readonly detail?: string } | undefined {
    const { approval } = this.require(vendor);
    if (approval) {
      if (approval.readReturn(parameters)?.isApproved !== true) return { refusal: 'denied' };
      return delivered ? undefined : { refusal: 'refused_by_vendor', detail: 'no keys came' };
    }
    const { code, error } = parameters;
    return code === undefined ? { refusal: refusalOfError(error), detail: knownError(error) } : undefined;
  }

  /** Redeems the code, or tries the keys that the vendor's server sent. */
  async grantOf({ tenantId, connectionId, vendor }: PendingAuthorisation, parameters: Readonly<Record<string, string>>, details: AuthorisationDetails): Promise<Grant> {
    const party = { tenantId, connectionId, signal: AbortSignal.timeout(exchangeTimeoutMs) };
    const { codeVerifier, settings, delivered } = details;
    if (delivered) return { ...await this.credentialsOf(vendor).authorise(party, { credentials: delivered.credentials, settings }), grantedScopes: delivered.grantedScopes };
    return this.#consentOf(vendor).exchangeCode(party, {
      code: parameters['code'] ?? '', codeVerifier, settings, redirectUri: this.#options.redirectUri, callbackParameters: parameters,
    });
  }

  find(vendor: Vendor): VendorAuthorisation | undefined {
    return this.#options.vendors[vendor];
  }

  /** @throws Failure `invalid` */
  require(vendor: Vendor): VendorAuthorisation {
    const found = this.find(vendor);
    if (!found) throw new Failure('invalid', `This installation does not connect accounts of ${vendor}.`);
    return found;
  }

  /** The vendor's page that the person is sent to. @throws Failure `invalid` where there is none, or the settings name none. */
  askingUrl(vendor: Vendor, { state, codeVerifier, settings }: { readonly state: string; readonly codeVerifier: string; readonly settings: ConnectionSettings }): URL {
    const { redirectUri, deliveryUriOf } = this.#options;
    const { approval } = this.require(vendor);
    if (approval) return approval.approvalUrl({ returnUri: redirectUri, deliveryUri: deliveryUriOf(vendor), state, settings });
    return this.#consentOf(vendor).authorizationUrl({ redirectUri, state, settings, codeChallenge: codeChallengeOf(codeVerifier) });
  }

  /** @throws Failure `invalid` where the vendor's accounts are not connected by credentials. */
  credentialsOf(vendor: Vendor): CredentialFlow {
    const { credentials } = this.require(vendor);
    if (!credentials) throw new Failure('invalid', `Accounts of ${vendor} are connected by consent in the browser, not by credentials.`);
    return credentials;
  }

  #consentOf(vendor: Vendor): ConsentFlow {
    const { consent } = this.require(vendor);
    if (!consent) throw new Failure('invalid', `Accounts of ${vendor} are connected by credentials, not in the browser.`);
    return consent;
  }
}

/** What an error of RFC 6749, section 4.1.2.1, means. */
function refusalOfError(error: string | undefined): AuthorisationRefusal {
  switch (error) {
    case 'access_denied':
    case 'user_denied': // so says Pipedrive
      return 'denied';
    case 'invalid_scope': return 'missing_scopes';
    case 'temporarily_unavailable':
    case 'server_error': return 'vendor_away';
    default: return 'refused_by_vendor';
  }
}

/** Error codes of RFC 6749 may be written down; whatever else a browser brings may not. */
function knownError(error: string | undefined): string {
  return error !== undefined && /^[a-z_]{1,40}$/.test(error) ? error : 'no code';
}
