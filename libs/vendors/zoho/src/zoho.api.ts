import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { sendAuthorised, type AuthorisedRequest, type TokenSource } from '@crossdock/crm-connector';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import { z } from 'zod';
import { fileAddressOf, readSettings, uploadServerOf } from './zoho.data-centres.ts';
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
  /** A whole address of Zoho's, in the place of a path. */
  readonly url?: string;
  /** The interface of jobs for very many records. */
  readonly isBulk?: boolean;
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
  readonly signal: AbortSignal;

  constructor(options: ZohoApiOptions, connection: Connection, signal: AbortSignal) {
    this.#options = options;
    this.#connection = connection;
    this.signal = signal;
  }

  /**
   * Sends a call and reads its answer by the schema; undefined where Zoho answers that there is nothing (204, 304).
   * A call that was refused for the sake of all its records is answered with their results, as one is that was done.
   * @throws Failure
   */
  async send<Schema extends z.ZodType>(schema: Schema, call: ZohoCall): Promise<z.infer<Schema> | undefined> {
    const response = await this.#request(call);
    if (response.status === 204 || response.status === 304) return undefined;
    return response.read(schema, `Zoho's answer to ${call.operation}`);
  }

  /** A file, whole. @param call its path, or the address that Zoho gave for it. @throws Failure */
  async download({ path = '', ...call }: { readonly path?: string; readonly url?: string; readonly operation: string; readonly isBulk?: boolean }): Promise<Buffer> {
    return (await this.#request({ ...call, path, method: 'GET' }, { timeoutMs: zohoLimits.downloadTimeoutMs, maxResponseBytes: zohoLimits.mostDownloadBytes })).body;
  }

  /**
   * Brings a file for a job that writes records. @returns its id.
   * Source: https://zoho.com/crm/developer/docs/api/v2/bulk-write/upload-file.html
   * @throws Failure
   */
  async upload(file: Uint8Array): Promise<string> {
    const { apiDomain } = readSettings(this.#connection.settings);
    const boundary = randomUUID();
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="records.zip"\r\nContent-Type: application/zip\r\n\r\n`;
    const response = await this.#request({ method: 'POST', path: '', url: `${uploadServerOf(apiDomain)}/crm/${zohoLimits.apiVersion}/upload`, operation: 'bulkWrite.upload' }, {
      timeoutMs: zohoLimits.downloadTimeoutMs, body: Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]),
      headers: { accept: 'application/json', 'content-type': `multipart/form-data; boundary=${boundary}`, feature: 'bulk-write', 'x-crm-org': this.#connection.accountId },
    });
    return response.read(uploadedSchema, "Zoho's answer to bulkWrite.upload").details.file_id;
  }

  /** The address of a file that Zoho names. @throws Failure for one that is not Zoho's. */
  fileAddress(named: string): string {
    return fileAddressOf(readSettings(this.#connection.settings).apiDomain, named);
  }

  async #request(
    { method, path, url, isBulk = false, operation, body, modifiedSince }: ZohoCall, more: Pick<Partial<AuthorisedRequest>, 'timeoutMs' | 'maxResponseBytes' | 'headers' | 'body'> = {},
  ): Promise<VendorResponse> {
    const { apiDomain } = readSettings(this.#connection.settings);
    const response = await sendAuthorised(this.#options, { connection: this.#connection, operation, signal: this.signal }, {
      method,
      url: url ?? `${apiDomain}/crm/${isBulk ? 'bulk/' : ''}${zohoLimits.apiVersion}/${path}`,
      headers: {
        accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(modifiedSince !== undefined && { 'if-modified-since': modifiedSince }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeoutMs: zohoLimits.timeoutMs,
      idempotent: true,
      limits: zohoVendorLimits,
      ...more,
      presentToken: (token) => ({ authorization: `Zoho-oauthtoken ${token}` }),
      // A missing scope is a 401 as well; a new token would not have it, and Zoho gives ten in ten minutes only.
      refusesToken: (answer) => answer.status === 401 && readError(answer.text())?.code !== 'OAUTH_SCOPE_MISMATCH',
    });
    const isDone = (response.status >= 200 && response.status <= 299) || response.status === 304;
    if (!isDone && !(response.status === 400 && resultsSchema.safeParse(response.json()).success)) {
      throw zohoFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
    }
    return response;
  }
}

const uploadedSchema = z.object({ details: z.object({ file_id: z.string() }) });
const resultsSchema = z.object({ data: z.array(z.object({ status: z.string() })).min(1) });

