import { Controller, Get, Header } from '@nestjs/common';
import { issuerEndpoint, issuerPaths, Public, signatureAlgorithm } from '@crossdock/service-tokens';
import { SigningKeys } from './keys/signing-keys.ts';

/** The issuer's own address, as an injectable. */
export class IssuerUrl {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

/** What others need to know to get and check tokens. All of it is public. */
@Controller()
@Public()
export class DiscoveryController {
  readonly #issuerUrl: string;
  readonly #keys: SigningKeys;

  constructor(issuerUrl: IssuerUrl, keys: SigningKeys) {
    this.#issuerUrl = issuerUrl.value;
    this.#keys = keys;
  }

  /** RFC 7517. Caches may keep it for less time than a key is published before it signs. */
  @Get(issuerPaths.jwks)
  @Header('cache-control', 'public, max-age=300')
  jwks(): object {
    return { keys: this.#keys.published() };
  }

  /** RFC 8414. There is no authorization endpoint, hence no response type. */
  @Get(issuerPaths.metadata)
  @Header('cache-control', 'public, max-age=300')
  metadata(): object {
    return {
      issuer: this.#issuerUrl,
      token_endpoint: issuerEndpoint(this.#issuerUrl, 'token'),
      jwks_uri: issuerEndpoint(this.#issuerUrl, 'jwks'),
      response_types_supported: [],
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: [signatureAlgorithm],
    };
  }
}
