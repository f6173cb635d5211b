import type { Vendor } from '@crossdock/contracts';
import { returnAddress } from './return-address.ts';

/** Addresses of this installation that have to do with authorisations. */
export class AuthorisationLinks {
  readonly #publicUrl: string;
  readonly #returnOrigins: readonly string[];

  constructor({ publicUrl, returnOrigins }: { readonly publicUrl: string; readonly returnOrigins: readonly string[] }) {
    this.#publicUrl = publicUrl.replace(/\/+$/, '');
    this.#returnOrigins = returnOrigins;
  }

  /** Registered with every vendor's app. */
  get redirectUri(): string {
    return `${this.#publicUrl}/oauth/callback`;
  }

  /** Where the servers of vendors that approve keys send them to. */
  deliveryUri(vendor: Vendor): string {
    return `${this.#publicUrl}/oauth/keys/${vendor}`;
  }

  /** Where a person's browser begins. */
  startUrl(authorisationId: string): string {
    return `${this.#publicUrl}/oauth/start/${authorisationId}`;
  }

  /**
   * @param pageOrigin the origin of the tenant's own page that asks, where it is one: people may go back to where they came from.
   * @throws Failure `invalid` for an address that people may not be sent to.
   */
  returnAddress(wanted: string, pageOrigin?: string): string {
    return returnAddress(wanted, this.#publicUrl, pageOrigin === undefined ? this.#returnOrigins : [...this.#returnOrigins, pageOrigin]);
  }
}
