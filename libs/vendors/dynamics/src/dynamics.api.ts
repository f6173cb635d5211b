import { sendAuthorised, type TokenSource } from '@crossdock/crm-connector';
import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp, VendorResponse } from '@crossdock/outbound-http';
import { z } from 'zod';
import { readBatch, writeBatch, type BatchPart, type BatchPartAnswer } from './dynamics.batch.ts';
import { dynamicsFailure } from './dynamics.errors.ts';
import { dynamicsLimits, dynamicsVendorLimits } from './dynamics.limits.ts';
import { dynamicsEndpointOf } from './dynamics.settings.ts';
import { readPart } from './dynamics.upserted.ts';

export interface DynamicsApiOptions {
  readonly http: OutboundHttp;
  readonly tokens: TokenSource;
}

interface Sending {
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly idempotent?: boolean;
  readonly timeoutMs?: number;
}

/** A page of a list: where it goes on is a path below the interface's address. */
export interface DynamicsPage<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
  /** Where later changes are told. */
  readonly delta?: string;
}

/**
 * Has references say which table they lead to.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns
 */
export const withTargets = 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname"';

/** The most pages that one look-up may bring. */
const maxPages = 20;

/** Calls of one connection to its environment; answers are believed only after their schema. */
export class DynamicsSession {
  readonly connection: Connection;
  readonly #options: DynamicsApiOptions;
  readonly #signal: AbortSignal;
  readonly #apiUrl: string;

  constructor(options: DynamicsApiOptions, connection: Connection, signal: AbortSignal) {
    this.connection = connection;
    this.#options = options;
    this.#signal = signal;
    this.#apiUrl = `${dynamicsEndpointOf(connection)}${dynamicsLimits.apiPath}`;
  }

  /** All rows that a filter finds, over all pages. A next link that leads elsewhere is not followed. */
  async list<Schema extends z.ZodType>(
    operation: string, entitySet: string, query: Readonly<Record<'$select' | '$filter', string>> | { readonly $select: string }, row: Schema,
  ): Promise<Array<z.infer<Schema>>> {
    const schema = z.object({ value: z.array(row), '@odata.nextLink': z.url().optional() });
    const rows: Array<z.infer<Schema>> = [];
    let url: string | undefined = `${this.#apiUrl}/${entitySet}?${Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
    for (let page = 0; page < maxPages && url !== undefined; page += 1) {
      const response: VendorResponse = await this.#send({ operation, method: 'GET', url });
      const answer: z.infer<typeof schema> = response.read(schema, `Dynamics' answer to ${operation}`);
      rows.push(...answer.value);
      const next: string | undefined = answer['@odata.nextLink'];
      url = next !== undefined && next.startsWith(`${this.#apiUrl}/`) ? next : undefined;
    }
    return rows;
  }

  /** One page at a path. @throws Failure */
  async page<Schema extends z.ZodType>(operation: string, path: string, prefer: string, row: Schema): Promise<DynamicsPage<z.infer<Schema>>> {
    const schema = z.object({ value: z.array(row), '@odata.nextLink': z.url().optional(), '@odata.deltaLink': z.url().optional() });
    const response = await this.#send({ operation, method: 'GET', url: `${this.#apiUrl}/${path}`, headers: { prefer } });
    const { value, '@odata.nextLink': next, '@odata.deltaLink': delta } = response.read(schema, `Dynamics' answer to ${operation}`);
    return { rows: value, ...(next !== undefined && { next: this.#pathOf(next, operation) }), ...(delta !== undefined && { delta: this.#pathOf(delta, operation) }) };
  }

  #pathOf(link: string, operation: string): string {
    if (!link.startsWith(`${this.#apiUrl}/`)) throw new Failure('unexpected', `Dynamics' answer to ${operation} leads outside of the environment.`);
    return link.slice(this.#apiUrl.length + 1);
  }

  /**
   * The rows that each of the filters finds, in as few calls as batches take; each filter must find no more than a page.
   * @throws Failure where one of them was refused.
   */
  async listAll<Schema extends z.ZodType>(operation: string, queries: ReadonlyArray<{ readonly entitySet: string; readonly select: string; readonly filter: string }>, row: Schema): Promise<Array<z.infer<Schema>>> {
    const schema = z.object({ value: z.array(row) });
    const answers = await this.batch(operation, queries.map(({ entitySet, select, filter }) => ({
      method: 'GET', path: `${entitySet}?$select=${encodeURIComponent(select)}&$filter=${encodeURIComponent(filter)}`, headers: { Prefer: withTargets },
    })));
    return queries.flatMap((_, index) => readPart(operation, answers[index], schema).value);
  }

  /** What is at a path, or undefined where nothing is. */
  async find<Schema extends z.ZodType>(operation: string, path: string, schema: Schema): Promise<z.infer<Schema> | undefined> {
    const response = await this.#exchange({ operation, method: 'GET', url: `${this.#apiUrl}/${path}` });
    if (response.status === 404) return undefined;
    return succeeded(operation, response).read(schema, `Dynamics' answer to ${operation}`);
  }

  /** A creation that has no effect a second time, or whose repeat is refused. */
  async create(operation: string, path: string, body: unknown): Promise<void> {
    await this.#send({
      operation, method: 'POST', url: `${this.#apiUrl}/${path}`, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), idempotent: true,
    });
  }

  /** Changes a row that must be there. */
  async update(operation: string, path: string, body: unknown): Promise<void> {
    await this.#send({
      operation, method: 'PATCH', url: `${this.#apiUrl}/${path}`, headers: { 'content-type': 'application/json', 'if-match': '*' }, body: JSON.stringify(body), idempotent: true,
    });
  }

  /** Deletes a row; one that is not there is no fault. */
  async remove(operation: string, path: string): Promise<void> {
    const response = await this.#exchange({ operation, method: 'DELETE', url: `${this.#apiUrl}/${path}`, idempotent: true });
    if (response.status !== 404) succeeded(operation, response);
  }

  /** Several requests in one call, or in as few as Dataverse takes, each answered for itself. Every part must be safe to repeat. */
  async batch(operation: string, parts: readonly BatchPart[]): Promise<BatchPartAnswer[]> {
    const answers: BatchPartAnswer[] = [];
    for (let start = 0; start < parts.length; start += dynamicsLimits.partsPerBatch) {
      answers.push(...await this.#sendBatch(operation, parts.slice(start, start + dynamicsLimits.partsPerBatch)));
    }
    return answers;
  }

  async #sendBatch(operation: string, parts: readonly BatchPart[]): Promise<BatchPartAnswer[]> {
    const { contentType, body } = writeBatch(this.#apiUrl, parts);
    const response = await this.#send({
      operation, method: 'POST', url: `${this.#apiUrl}/$batch`, headers: { 'content-type': contentType, prefer: 'odata.continue-on-error' }, body, idempotent: true,
      timeoutMs: dynamicsLimits.batchTimeoutMs,
    });
    const answers = readBatch(response.headers.get('content-type'), response.text());
    if (answers === undefined) throw new Failure('unexpected', `Dynamics' answer to ${operation} is no batch.`);
    return answers;
  }

  async #send(sending: Sending): Promise<VendorResponse> {
    return succeeded(sending.operation, await this.#exchange(sending));
  }

  #exchange({ operation, headers = {}, idempotent = true, timeoutMs = dynamicsLimits.timeoutMs, ...request }: Sending): Promise<VendorResponse> {
    return sendAuthorised(this.#options, { connection: this.connection, operation, signal: this.#signal }, {
      ...request,
      headers: { accept: 'application/json', 'odata-version': '4.0', 'odata-maxversion': '4.0', ...headers },
      timeoutMs,
      idempotent,
      limits: dynamicsVendorLimits,
    });
  }
}

function succeeded(operation: string, response: VendorResponse): VendorResponse {
  if (response.status >= 200 && response.status <= 299) return response;
  throw dynamicsFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
}

/** A text in a filter; quotes in it stay text. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
