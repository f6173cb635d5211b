import type { Readable } from 'node:stream';
import { HttpException, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, type Dispatcher } from 'undici';
import { z } from 'zod';
import { Failure, type ServiceName } from '@crossdock/contracts';
import { onBehalfOfHeader } from '@crossdock/operations';
import { correlationHeader, tenantHeader, type ServiceTokenClient } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { asInternalSpan } from './internal-span.ts';

export interface InternalCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with query, under the service's own `/v1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The service asks its vendor before it answers. */
  readonly asksVendor?: boolean;
}

/** What a service answered, its refusals as well. */
export interface InternalAnswer {
  readonly status: number;
  readonly answer: unknown;
}

const tenantCallTimeouts = { headersTimeout: 3_000, bodyTimeout: 10_000 };
/** Longer than a service gives its vendor. */
const vendorCallTimeouts = { headersTimeout: 20_000, bodyTimeout: 20_000 };
/** Works off a page of dead letters before it answers. */
const operatorCallTimeouts = { headersTimeout: 120_000, bodyTimeout: 120_000 };

/** Calls the other services with the gateway's own token: for the tenant at hand, or for an operator. */
export class InternalClient implements OnApplicationShutdown {
  readonly #tokens: ServiceTokenClient;
  readonly #addresses: Readonly<Partial<Record<ServiceName, string>>>;
  /** Connections of its own: what Node shares with everybody goes through a layer for older versions, at twice the cost. */
  readonly #connections = new Agent({ allowH2: false, keepAliveTimeout: 30_000 });

  constructor(tokens: ServiceTokenClient, addresses: Readonly<Partial<Record<ServiceName, string>>>) {
    this.#tokens = tokens;
    this.#addresses = addresses;
  }

  /**
   * @returns the service's answer, parsed where it is JSON.
   * @throws HttpException with the service's own status and problem where it refuses; Failure `transient` where it is away.
   */
  async call(service: ServiceName, call: InternalCall): Promise<unknown> {
    const response = await this.#send(service, call, tenantScope(), call.asksVendor === true ? vendorCallTimeouts : tenantCallTimeouts);
    if (response.statusCode >= 400) throw await refusalOf(response);
    return (await answerOf(response)).answer;
  }

  /**
   * The same where the answer goes on as it is.
   * @returns the JSON text of the answer.
   */
  async text(service: ServiceName, call: InternalCall): Promise<string> {
    const response = await this.#send(service, call, tenantScope(), call.asksVendor === true ? vendorCallTimeouts : tenantCallTimeouts);
    if (response.statusCode < 400) return response.body.text();
    throw await refusalOf(response);
  }

  /**
   * The same for an answer that is too large to be held.
   * @returns its bytes as they come.
   */
  async read(service: ServiceName, call: InternalCall): Promise<Readable> {
    const response = await this.#send(service, call, tenantScope(), tenantCallTimeouts);
    if (response.statusCode < 400) return response.body;
    throw await refusalOf(response);
  }

  /**
   * Calls for the installation as a whole, on behalf of the operator's client.
   * @throws Failure `transient` where the service is away.
   */
  async callForOperator(service: ServiceName, call: InternalCall, operator: string): Promise<InternalAnswer> {
    return answerOf(await this.#send(service, call, { [onBehalfOfHeader]: operator }, operatorCallTimeouts));
  }

  /**
   * The same for an answer that is too large to be held.
   * @returns its bytes as they come. @throws HttpException where the service refuses; Failure `transient` where it is away.
   */
  async readForOperator(service: ServiceName, call: InternalCall, operator: string): Promise<Readable> {
    const response = await this.#send(service, call, { [onBehalfOfHeader]: operator }, operatorCallTimeouts);
    if (response.statusCode < 400) return response.body;
    throw await refusalOf(response);
  }

  /** Not earlier: what is under way while the service drains still asks. */
  async onApplicationShutdown(): Promise<void> {
    await this.#connections.close();
  }

  async #send(
    service: ServiceName, { method, path, body, headers }: InternalCall, scope: Readonly<Record<string, string>>,
    timeouts: { readonly headersTimeout: number; readonly bodyTimeout: number },
  ): Promise<Dispatcher.ResponseData> {
    const token = await this.#tokens.token(service);
    const origin = this.#addresses[service];
    if (origin === undefined) throw new Error(`The gateway has no address of ${service}.`);
    return asInternalSpan({ service, method }, (trace) => {
      const request = (): Promise<Dispatcher.ResponseData> => this.#connections.request({
        origin, path, method, ...timeouts,
        headers: { ...headers, ...trace, authorization: `Bearer ${token}`, ...scope, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return request().catch((cause: unknown) => {
        if (method === 'GET' && isCutOff(cause)) return request();
        throw cause;
      });
    }).catch((cause: unknown) => {
      throw new Failure('transient', `The ${service} service does not answer; try again.`, { cause });
    });
  }
}

const cutOffSchema = z.object({ code: z.enum(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']) });

/**
 * Whether a connection ended before it brought an answer: a process that leaves closes those that rest at the moment, also where a
 * request is on its way. Nothing is known of that request, so that only what reads may be asked again, of another process.
 */
function isCutOff(thrown: unknown): boolean {
  return cutOffSchema.safeParse(thrown).success;
}

function tenantScope(): Record<string, string> {
  const { tenantId, correlationId } = tenantContext.require();
  return { [tenantHeader]: tenantId, [correlationHeader]: correlationId };
}

async function answerOf({ statusCode: status, headers, body }: Dispatcher.ResponseData): Promise<InternalAnswer> {
  const text = await body.text();
  const isJson = /^application\/(problem\+)?json/.test(String(headers['content-type']));
  return { status, answer: isJson ? JSON.parse(text) as unknown : text };
}

/** What a service refused with: its status, its code, the fields it complains about, and how long to wait are told on. */
async function refusalOf(response: Dispatcher.ResponseData): Promise<HttpException> {
  const { status, answer } = await answerOf(response);
  const retryAfterSeconds = Number(response.headers['retry-after'] ?? Number.NaN);
  return new HttpException({ message: detailOf(answer), ...codedSchema.safeParse(answer).data, ...(Number.isInteger(retryAfterSeconds) && { retryAfterSeconds }) }, status);
}

/** Whether a service behind does not answer, or cannot at present: the same call may work later. */
export function isAway(thrown: unknown): boolean {
  return thrown instanceof HttpException ? thrown.getStatus() >= 500 : thrown instanceof Failure && thrown.kind === 'transient';
}

const wrongFieldSchema = z.object({ pointer: z.string(), detail: z.string() });
const codedSchema = z.object({ code: z.string(), errors: z.array(wrongFieldSchema).exactOptional() });
const problemSchema = z.looseObject({
  detail: z.string(),
  errors: z.array(wrongFieldSchema).default([]),
});

/** What a service's problem says, with the fields it complains about. */
export function detailOf(problem: unknown): string {
  const { success, data } = problemSchema.safeParse(problem);
  if (!success) return 'The service refused.';
  return [data.detail, ...data.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`)].join(' ');
}
