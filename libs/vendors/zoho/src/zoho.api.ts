import type { Connection } from '@crossdock/connections';
import { sendAuthorised, type TokenSource } from '@crossdock/crm-connector';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { z } from 'zod';
import { readSettings } from './zoho.data-centres.ts';
import { readError, zohoFailure } from './zoho.errors.ts';
import { zohoLimits, zohoVendorLimits } from './zoho.limits.ts';

export interface ZohoApiOptions {
  readonly http: OutboundHttp;
  readonly tokens: TokenSource;
}

export interface ZohoCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Comes after the version, such as `Deals/upsert`. */
  readonly path: string;
  /** Metric label from a small fixed set. */
  readonly operation: string;
  readonly body?: unknown;
  /** Asks for what is newer only. */
  readonly modifiedSince?: string;
}

/** One connection's calls to Zoho's interface, all safe to repeat: reads, upserts by a unique field, and creations that find themselves. */
export class ZohoApi {
  readonly #options: ZohoApiOptions;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;

  constructor(options: ZohoApiOptions, connection: Connection, signal: AbortSignal) {
    this.#options = options;
    this.#connection = connection;
    this.#signal = signal;
  }

  /**
   * Sends a call and reads its answer by the schema; undefined where Zoho answers that there is nothing (204, 304).
   * A call that was refused for the sake of all its records is answered with their results, as one is that was done.
   * @throws Failure
   */
  async send<Schema extends z.ZodType>(schema: Schema, { method, path, operation, body, modifiedSince }: ZohoCall): Promise<z.infer<Schema> | undefined> {
    const { apiDomain } = readSettings(this.#connection.settings);
    const response = await sendAuthorised(this.#options, { connection: this.#connection, operation, signal: this.#signal }, {
      method,
      url: `${apiDomain}/crm/${zohoLimits.apiVersion}/${path}`,
      headers: {
        accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(modifiedSince !== undefined && { 'if-modified-since': modifiedSince }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeoutMs: zohoLimits.timeoutMs,
      idempotent: true,
      limits: zohoVendorLimits,
      presentToken: (token) => ({ authorization: `Zoho-oauthtoken ${token}` }),
      // A missing scope is a 401 as well; a new token would not have it, and Zoho gives ten in ten minutes only.
      refusesToken: (answer) => answer.status === 401 && readError(answer.text())?.code !== 'OAUTH_SCOPE_MISMATCH',
    });
    if (response.status === 204 || response.status === 304) return undefined;
    const text = response.text();
    const isDone = response.status >= 200 && response.status <= 299;
    if (!isDone && !(response.status === 400 && resultsSchema.safeParse(response.json()).success)) {
      throw zohoFailure({ operation, status: response.status, headers: response.headers, body: text });
    }
    return response.read(schema, `Zoho's answer to ${operation}`);
  }
}

const resultsSchema = z.object({ data: z.array(z.object({ status: z.string() })).min(1) });

