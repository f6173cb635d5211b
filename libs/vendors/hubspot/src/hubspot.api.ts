import { sendAuthorised, type AuthorisedCall, type TokenSource } from '@crossdock/crm-connector';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import * as associations from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import * as owners from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import * as pipelines from '@hubspot/api-client/lib/codegen/crm/pipelines/index.js';
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { z } from 'zod';
import { hubSpotFailure } from './hubspot.errors.ts';
import { hubSpotLimits, hubSpotRateLimits } from './hubspot.limits.ts';

export interface HubSpotApiOptions {
  readonly http: OutboundHttp;
  readonly tokens: TokenSource;
  /** Such as `https://api.hubapi.com`. */
  readonly apiUrl: string;
}

const accountSchema = z.object({ companyCurrency: z.string().regex(/^[A-Z]{3}$/) });

interface SdkRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getHeaders(): Record<string, string>;
  getBody(): unknown;
}

interface SdkBody {
  text(): Promise<string>;
  binary(): Promise<Buffer>;
}

/** What each generated package of the SDK has of its own, all alike. */
interface GeneratedPackage<Server, Answer, Library, Configuration> {
  readonly ServerConfiguration: new (url: string, variables: Record<string, string>) => Server;
  readonly ResponseContext: new (status: number, headers: Record<string, string>, body: SdkBody) => Answer;
  readonly wrapHttpLibrary: (library: { send(request: SdkRequest): Promise<Answer> }) => Library;
  readonly createConfiguration: (parameters: { baseServer: Server; httpApi: Library }) => Configuration;
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
    return new objects.BatchApi(this.#configuration(objects, call));
  }

  objectLists(call: AuthorisedCall): objects.BasicApi {
    return new objects.BasicApi(this.#configuration(objects, call));
  }

  objectSearch(call: AuthorisedCall): objects.SearchApi {
    return new objects.SearchApi(this.#configuration(objects, call));
  }

  associations(call: AuthorisedCall): associations.BatchApi {
    return new associations.BatchApi(this.#configuration(associations, call));
  }

  properties(call: AuthorisedCall): properties.CoreApi {
    return new properties.CoreApi(this.#configuration(properties, call));
  }

  pipelines(call: AuthorisedCall): pipelines.PipelinesApi {
    return new pipelines.PipelinesApi(this.#configuration(pipelines, call));
  }

  owners(call: AuthorisedCall): owners.OwnersApi {
    return new owners.OwnersApi(this.#configuration(owners, call));
  }

  /**
   * The currency of amounts that state none. The SDK has no interface for it.
   * Source: https://developers.hubspot.com/docs/api-reference/latest/account/account-information/guide
   */
  async companyCurrency(call: AuthorisedCall): Promise<string> {
    const { apiUrl } = this.#options;
    const answer = await this.#send(call, {
      url: `${apiUrl}/account-info/${hubSpotLimits.apiVersions.account}/details`, method: 'GET', headers: { accept: 'application/json' },
    });
    return answer.read(accountSchema, `HubSpot's answer to ${call.operation}`).companyCurrency;
  }

  #configuration<Server, Answer, Library, Configuration>(sdk: GeneratedPackage<Server, Answer, Library, Configuration>, call: AuthorisedCall): Configuration {
    return sdk.createConfiguration({
      baseServer: new sdk.ServerConfiguration(this.#options.apiUrl, {}),
      httpApi: sdk.wrapHttpLibrary({
        send: async (request) => {
          const url = request.getUrl();
          refuseOtherVersion(url);
          const response = await this.#send(call, { url, method: request.getHttpMethod(), headers: request.getHeaders(), body: request.getBody() });
          const body = { text: async () => response.text(), binary: async () => response.body };
          return new sdk.ResponseContext(response.status, Object.fromEntries(response.headers), body);
        },
      }),
    });
  }

  /** Every call made here is safe to repeat: reads, upserts by a unique property, and creations that find themselves. */
  async #send(
    call: AuthorisedCall, { body, ...request }: { url: string; method: string; headers: Record<string, string>; body?: unknown },
  ): Promise<VendorResponse> {
    const response = await sendAuthorised(this.#options, call, {
      ...request,
      ...(typeof body === 'string' && { body }),
      timeoutMs: hubSpotLimits.timeoutMs,
      idempotent: true,
      limits: hubSpotRateLimits,
    });
    if (response.status >= 200 && response.status <= 299) return response;
    throw hubSpotFailure({ operation: call.operation, status: response.status, headers: response.headers, body: response.text() });
  }
}

/** The SDK writes the version into its paths: another release of it might call another one, whose answers nobody has looked at. */
function refuseOtherVersion(url: string): void {
  const { crm, associations: associationsVersion } = hubSpotLimits.apiVersions;
  const isPinned = url.includes(`/crm/${associationsVersion}/associations/`) || (url.includes(`/crm/${crm}/`) && !url.includes(`/crm/${crm}/associations/`));
  if (!isPinned) throw new Failure('unexpected', 'The HubSpot SDK calls another version of the interface than the pinned one.');
}
