import { sendAuthorised, type AuthorisedCall, type TokenSource } from '@crossdock/crm-connector';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp } from '@crossdock/outbound-http';
import * as associations from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { hubSpotFailure } from './hubspot.errors.ts';
import { hubSpotLimits, hubSpotRateLimits } from './hubspot.limits.ts';

export interface HubSpotApiOptions {
  readonly http: OutboundHttp;
  readonly tokens: TokenSource;
  /** Such as `https://api.hubapi.com`. */
  readonly apiUrl: string;
}

interface SdkRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getHeaders(): Record<string, string>;
  getBody(): unknown;
}

interface SdkAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: { text(): Promise<string>; binary(): Promise<Buffer> };
}

/**
 * The official SDK with our way out. Its `Client` always calls the global `fetch`, and ignores a transport given with a
 * single call; but the generated interfaces under it take one when they are made, and so they are made here, for each
 * call anew (that costs nothing), each bound to its connection. A refused call is a `Failure` before the SDK sees it,
 * because the SDK's own error quotes the whole answer, e-mails included.
 */
export class HubSpotApi {
  readonly #options: HubSpotApiOptions;

  constructor(options: HubSpotApiOptions) {
    this.#options = options;
  }

  objects(call: AuthorisedCall): objects.BatchApi {
    return new objects.BatchApi(objects.createConfiguration({
      baseServer: new objects.ServerConfiguration(this.#options.apiUrl, {}),
      httpApi: objects.wrapHttpLibrary({
        send: async (request) => {
          const { status, headers, body } = await this.#send(call, request);
          return new objects.ResponseContext(status, headers, body);
        },
      }),
    }));
  }

  associations(call: AuthorisedCall): associations.BatchApi {
    return new associations.BatchApi(associations.createConfiguration({
      baseServer: new associations.ServerConfiguration(this.#options.apiUrl, {}),
      httpApi: associations.wrapHttpLibrary({
        send: async (request) => {
          const { status, headers, body } = await this.#send(call, request);
          return new associations.ResponseContext(status, headers, body);
        },
      }),
    }));
  }

  properties(call: AuthorisedCall): properties.CoreApi {
    return new properties.CoreApi(properties.createConfiguration({
      baseServer: new properties.ServerConfiguration(this.#options.apiUrl, {}),
      httpApi: properties.wrapHttpLibrary({
        send: async (request) => {
          const { status, headers, body } = await this.#send(call, request);
          return new properties.ResponseContext(status, headers, body);
        },
      }),
    }));
  }

  /** Every call made here is safe to repeat: reads, upserts by a unique property, and creations that find themselves. */
  async #send(call: AuthorisedCall, request: SdkRequest): Promise<SdkAnswer> {
    refuseOtherVersion(request.getUrl());
    const body = request.getBody();
    const response = await sendAuthorised(this.#options, call, {
      method: request.getHttpMethod(),
      url: request.getUrl(),
      headers: request.getHeaders(),
      ...(typeof body === 'string' && { body }),
      timeoutMs: hubSpotLimits.timeoutMs,
      idempotent: true,
      limits: hubSpotRateLimits,
    });
    if (response.status < 200 || response.status > 299) {
      throw hubSpotFailure({ operation: call.operation, status: response.status, headers: response.headers, body: response.text() });
    }
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: { text: async () => response.text(), binary: async () => response.body },
    };
  }
}

/** The SDK writes the version into its paths: another release of it might call another one, whose answers nobody has looked at. */
function refuseOtherVersion(url: string): void {
  const { crm, associations: associationsVersion } = hubSpotLimits.apiVersions;
  const isPinned = url.includes(`/crm/${associationsVersion}/associations/`) || (url.includes(`/crm/${crm}/`) && !url.includes(`/crm/${crm}/associations/`));
  if (!isPinned) throw new Failure('unexpected', 'The HubSpot SDK calls another version of the interface than the pinned one.');
}
