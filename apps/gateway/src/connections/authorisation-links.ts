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

  /** @throws Failure `invalid` for an address that people may not be sent to. */
  returnAddress(wanted: string): string {
    return returnAddress(wanted, this.#publicUrl, this.#returnOrigins);
  }
}
