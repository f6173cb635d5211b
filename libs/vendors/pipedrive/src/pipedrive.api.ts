import { sendAuthorised, type TokenSource } from '@crossdock/crm-connector';
import type { Connection } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { z } from 'zod';
import { pipedriveFailure } from './pipedrive.errors.ts';
import { pipedriveLimits, pipedriveVendorLimits } from './pipedrive.limits.ts';
import { pipedriveEndpointOf, pipedriveSettingsOf, presentPipedriveToken, type PipedriveSettings } from './pipedrive.settings.ts';

export interface PipedriveApiOptions {
  readonly http: OutboundHttp;
  readonly tokens: TokenSource;
}

export interface PipedriveCall {
  /** Metric label, such as `persons.search`. */
  readonly operation: string;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With its version, such as `/api/v2/persons`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
}

/** Calls of one connection: the answer's `data`, believed only after its schema. */
export class PipedriveSession {
  readonly connection: Connection;
  readonly #options: PipedriveApiOptions;
  readonly #signal: AbortSignal;
  readonly #endpoint: string;
  readonly #tokenKind: PipedriveSettings['tokenKind'];

  constructor(options: PipedriveApiOptions, connection: Connection, signal: AbortSignal) {
    this.#endpoint = pipedriveEndpointOf(connection);
    this.connection = connection;
    this.#options = options;
    this.#signal = signal;
    this.#tokenKind = pipedriveSettingsOf(connection).tokenKind;
  }

  /** @throws Failure where Pipedrive refuses the call, or answers what its description does not say. */
  async call<Schema extends z.ZodType>(call: PipedriveCall, data: Schema): Promise<z.infer<Schema>> {
    const answer = believed(call.operation, await this.#send(call), z.object({ data: z.unknown() }));
    return believed(call.operation, answer.data, data);
  }

  /** An answer of version 1 whose other parts count as well. @throws Failure */
  async whole<Schema extends z.ZodType>(call: PipedriveCall, answer: Schema): Promise<z.infer<Schema>> {
    return believed(call.operation, await this.#send(call), answer);
  }

  async remove({ operation, path }: Pick<PipedriveCall, 'operation' | 'path'>): Promise<void> {
    await this.#send({ operation, path, method: 'DELETE' });
  }

  /** One page of a list of version 2 and the cursor of the next one, where there is one. */
  async page<Schema extends z.ZodType>(call: PipedriveCall, row: Schema): Promise<{ rows: Array<z.infer<Schema>>; nextCursor: string | undefined }> {
    const answer = believed(call.operation, await this.#send(call), z.object({
      data: z.array(z.unknown()).nullable(), additional_data: z.object({ next_cursor: z.string().nullish() }).nullish(),
    }));
    return { rows: believed(call.operation, answer.data ?? [], z.array(row)), nextCursor: answer.additional_data?.next_cursor ?? undefined };
  }

  async #send({ operation, method = 'GET', path, query = {}, body }: PipedriveCall): Promise<unknown> {
    const url = new URL(`${this.#endpoint}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const response = await sendAuthorised(this.#options, { connection: this.connection, operation, signal: this.#signal }, {
      method,
      url: url.href,
      headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeoutMs: pipedriveLimits.timeoutMs,
      // A creation has no key of ours that Pipedrive would know it again by.
      idempotent: method !== 'POST',
      limits: pipedriveVendorLimits,
      presentToken: (token) => presentPipedriveToken(this.#tokenKind, token),
    });
    const text = response.text();
    if (response.status < 200 || response.status > 299) {
      throw pipedriveFailure({ operation, status: response.status, headers: response.headers, body: text });
    }
    return response.json();
  }
}

function believed<Schema extends z.ZodType>(operation: string, value: unknown, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure('unexpected', `Pipedrive's answer to ${operation} is not as documented.`, { cause: parsed.error });
}
