import type { Readable } from 'node:stream';
import { HttpException, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type Dispatcher } from 'undici';
import { z } from 'zod';
import { Failure, serviceNames, type ServiceName } from '@crossdock/contracts';
import { onBehalfOfHeader } from '@crossdock/operations';
import { correlationHeader, tenantHeader, type ServiceTokenClient } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { asInternalSpan } from './internal-span.ts';
import { requestWhole, type WholeAnswer } from './whole-answer.ts';

/** JSON that is there as text already. */
export class JsonText {
  constructor(readonly text: string) {}
}

export interface InternalCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with query, under the service's own `/v1`. */
  readonly path: string;
  /** What is sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The service asks its vendor before it answers. */
  readonly asksVendor?: boolean;
  /** The service works things off before it answers. */
  readonly isLong?: boolean;
}

/** What a service answered, its refusals as well. */
export interface InternalAnswer {
  readonly status: number;
  readonly answer: unknown;
}

interface Timeouts {
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

const tenantCallTimeouts: Timeouts = { headersTimeout: 3_000, bodyTimeout: 10_000 };
/** Longer than a service gives its vendor. */
const vendorCallTimeouts: Timeouts = { headersTimeout: 20_000, bodyTimeout: 20_000 };
/** Works off a page of dead letters before it answers. */
const longCallTimeouts: Timeouts = { headersTimeout: 120_000, bodyTimeout: 120_000 };

/** Calls the other services with the gateway's own token: for the tenant at hand, or for an operator. */
export class InternalClient implements OnApplicationShutdown {
  readonly #tokens: ServiceTokenClient;
  /** Connections of its own to each service: what Node shares with everybody goes through a layer for older versions, at twice the cost. */
  readonly #services = new Map<ServiceName, Pool>();

  constructor(tokens: ServiceTokenClient, addresses: Readonly<Partial<Record<ServiceName, string>>>) {
    this.#tokens = tokens;
    for (const service of serviceNames) {
      const address = addresses[service];
      if (address !== undefined) this.#services.set(service, new Pool(address, { allowH2: false, keepAliveTimeout: 30_000 }));
    }
  }

  /**
   * @returns the service's answer, parsed where it is JSON.
   * @throws HttpException with the service's own status and problem where it refuses; Failure `transient` where it is away.
   */
  async call(service: ServiceName, call: InternalCall): Promise<unknown> {
    const answer = await this.#ask(service, call, tenantScope(), timeoutsOf(call));
    if (answer.statusCode >= 400) throw refusalOf(answer);
    return answerOf(answer).answer;
  }

  /**
   * The same where the answer goes on as it is.
   * @returns the JSON text of the answer.
   */
  async text(service: ServiceName, call: InternalCall): Promise<string> {
    const answer = await this.#ask(service, call, tenantScope(), timeoutsOf(call));
    if (answer.statusCode >= 400) throw refusalOf(answer);
    return answer.text;
  }

  /**
   * The same for an answer that is too large to be held.
   * @returns its bytes as they come.
   */
  async read(service: ServiceName, call: InternalCall): Promise<Readable> {
    return streamOf(await this.#send(service, call, tenantScope(), tenantCallTimeouts, (pool, request) => pool.request(request)));
  }

  /**
   * Calls for the installation as a whole, on behalf of the operator's client.
   * @throws Failure `transient` where the service is away.
   */
  async callForOperator(service: ServiceName, call: InternalCall, operator: string): Promise<InternalAnswer> {
    return answerOf(await this.#ask(service, call, { [onBehalfOfHeader]: operator }, longCallTimeouts));
  }

  /**
   * The same for an answer that is too large to be held.
   * @returns its bytes as they come. @throws HttpException where the service refuses; Failure `transient` where it is away.
   */
  async readForOperator(service: ServiceName, call: InternalCall, operator: string): Promise<Readable> {
    return streamOf(await this.#send(service, call, { [onBehalfOfHeader]: operator }, longCallTimeouts, (pool, request) => pool.request(request)));
  }

  /** Not earlier: what is under way while the service drains still asks. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.close()));
  }

  #ask(service: ServiceName, call: InternalCall, scope: Readonly<Record<string, string>>, timeouts: Timeouts): Promise<WholeAnswer> {
    return this.#send(service, call, scope, timeouts, requestWhole);
  }

  async #send<Response extends { readonly statusCode: number }>(
    service: ServiceName, { method, path, body, headers }: InternalCall, scope: Readonly<Record<string, string>>, timeouts: Timeouts,
    send: (service: Pool, request: Dispatcher.RequestOptions) => Promise<Response>,
  ): Promise<Response> {
    const token = this.#tokens.held(service) ?? await this.#tokens.token(service);
    const pool = this.#services.get(service);
    if (!pool) throw new Error(`The gateway has no address of ${service}.`);
    try {
      return await asInternalSpan({ service, method }, (trace) => {
        const request = {
          path, method, ...timeouts,
          headers: { ...headers, ...trace, authorization: `Bearer ${token}`, ...scope, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: body instanceof JsonText ? body.text : JSON.stringify(body) }),
        };
        return send(pool, request).catch((cause: unknown) => {
          if (method === 'GET' && isCutOff(cause)) return send(pool, request);
          throw cause;
        });
      });
    } catch (cause) {
      throw new Failure('transient', `The ${service} service does not answer; try again.`, { cause });
    }
  }
}

function timeoutsOf({ asksVendor, isLong }: InternalCall): Timeouts {
  if (isLong === true) return longCallTimeouts;
  return asksVendor === true ? vendorCallTimeouts : tenantCallTimeouts;
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

function answerOf({ statusCode: status, headers, text }: WholeAnswer): InternalAnswer {
  const isJson = /^application\/(problem\+)?json/.test(String(headers['content-type']));
  return { status, answer: isJson ? JSON.parse(text) as unknown : text };
}

/** What a service refused with: its status, its code, the fields it complains about, which records may be meant, and how long to wait are told on. */
function refusalOf(refusal: WholeAnswer): HttpException {
  const { status, answer } = answerOf(refusal);
  const retryAfterSeconds = Number(refusal.headers['retry-after'] ?? Number.NaN);
  return new HttpException({ message: detailOf(answer), ...toldOnSchema.safeParse(answer).data, ...(Number.isInteger(retryAfterSeconds) && { retryAfterSeconds }) }, status);
}

async function streamOf({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Readable> {
  if (statusCode < 400) return body;
  throw refusalOf({ statusCode, headers, text: await body.text() });
}

/** Whether a service behind does not answer, or cannot at present: the same call may work later. */
export function isAway(thrown: unknown): boolean {
  return thrown instanceof HttpException ? thrown.getStatus() >= 500 : thrown instanceof Failure && thrown.kind === 'transient';
}

const wrongFieldSchema = z.object({ pointer: z.string(), detail: z.string() });
const toldOnSchema = z.object({ code: z.string(), errors: z.array(wrongFieldSchema).exactOptional(), candidates: z.array(z.string()).exactOptional() });
const problemSchema = z.looseObject({
  detail: z.string(),
  errors: z.array(wrongFieldSchema).default([]),
});

/** What a service's problem says, with the fields it complains about as far as its sentence does not say that already. */
export function detailOf(problem: unknown): string {
  const { success, data } = problemSchema.safeParse(problem);
  if (!success) return 'The service refused.';
  return [data.detail, ...data.errors.filter(({ detail }) => detail !== data.detail).map(({ pointer, detail }) => `${pointer}: ${detail}`)].join(' ');
}
