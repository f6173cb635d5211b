import { PassThrough } from 'node:stream';
import { sendAuthorised, type AuthorisedCall, type TokenSource } from '@crossdock/crm-connector';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { Connection as JsforceConnection } from 'jsforce/lib/connection.js';
import { Transport } from 'jsforce/lib/transport.js';
import type { HttpRequest, HttpResponse } from 'jsforce/lib/types/common.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import { callOptions } from './salesforce.client-name.ts';
import { salesforceFailure } from './salesforce.errors.ts';
import { salesforceLimits, salesforceRateLimits } from './salesforce.limits.ts';

export interface SalesforceApiOptions {
  readonly http: OutboundHttp;
  readonly tokens: TokenSource;
}

/** Whether this call may be sent again after no answer came; a creation without an external id may not. */
export type SalesforceCall = AuthorisedCall & { readonly idempotent: boolean };

/**
 * jsforce with our way out: its transport is exchanged, so that its own client, with its retries over half a minute and
 * its way of refreshing tokens, is never used. A refused call is a `Failure` before jsforce sees it. A jsforce
 * connection is made for each call, bound to the hub's connection (that costs nothing).
 */
export function jsforceFor(options: SalesforceApiOptions, instanceUrl: string, call: SalesforceCall): JsforceConnection {
  const connection = new JsforceConnection({ instanceUrl, version: salesforceLimits.apiVersion });
  connection._transport = new OutboundTransport(options, call);
  return connection;
}

class OutboundTransport extends Transport {
  readonly #options: SalesforceApiOptions;
  readonly #call: SalesforceCall;

  constructor(options: SalesforceApiOptions, call: SalesforceCall) {
    super();
    this.#options = options;
    this.#call = call;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise: this.#send(request) }));
  }

  async #send({ method, url, headers = {}, body }: HttpRequest): Promise<HttpResponse> {
    const response = await sendAuthorised(this.#options, this.#call, {
      method,
      url,
      headers: { ...headers, ...callOptions(this.#call.connection) },
      ...(typeof body === 'string' && { body }),
      timeoutMs: salesforceLimits.timeoutMs,
      idempotent: this.#call.idempotent,
      limits: salesforceRateLimits,
    });
    if (response.status < 200 || response.status > 299) {
      throw salesforceFailure({ operation: this.#call.operation, status: response.status, body: response.text() });
    }
    return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: response.text() };
  }
}
