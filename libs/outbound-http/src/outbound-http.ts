import { Failure } from '@crossdock/contracts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { Agent } from 'undici';
import { CallMetrics, outcomeOfStatus, type CallOutcome } from './call-metrics.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { checkTarget, egressConnector } from './egress-guard.ts';
import { failureOf, outcomeOf } from './exchange-failure.ts';
import { exchange } from './http-exchange.ts';
import type { CallPurpose, VendorRequest, VendorResponse } from './vendor-call.ts';
import { fetchThrough, type FetchPurpose } from './vendor-fetch.ts';

export interface OutboundHttpOptions {
  readonly metrics: Registry;
  readonly logger: Logger;
  /** Lets calls reach loopback and private networks and any port. For development and tests only. */
  readonly allowPrivateNetworks: boolean;
  /** Connections kept at once to one origin (scheme, host, port); further calls wait. Default 32. */
  readonly maxConnectionsPerOrigin?: number;
  readonly now?: () => number;
}

const connectTimeoutMs = 5_000;
const defaultTimeoutMs = 30_000;
const defaultMaxResponseBytes = 8 * 1024 * 1024;
const repeatableMethods = new Set(['GET', 'HEAD']);
/** Set by the connection itself, or unwanted: an answer that unpacks to something huge is never asked for. */
const unsentHeaders = ['accept-encoding', 'connection', 'content-length', 'expect', 'host', 'transfer-encoding'];

/**
 * The one way out to vendors: deadlines, size limits, a guard against private addresses, a circuit breaker a
 * connection, metrics and one log line a call. Answers come back whatever their status; redirects are not followed.
 */
export class OutboundHttp {
  readonly #options: OutboundHttpOptions;
  readonly #agent: Agent;
  readonly #breaker: CircuitBreaker;
  readonly #metrics: CallMetrics;
  readonly #now: () => number;

  constructor(options: OutboundHttpOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#agent = new Agent({
      connect: egressConnector({ allowPrivateNetworks: options.allowPrivateNetworks, timeoutMs: connectTimeoutMs }),
      connections: options.maxConnectionsPerOrigin ?? 32,
      keepAliveTimeout: 10_000,
    });
    this.#breaker = new CircuitBreaker({ failureThreshold: 5, openForMs: 15_000, maxCircuits: 10_000, now: this.#now });
    this.#metrics = new CallMetrics(options.metrics, () => this.#breaker.openByGroup());
  }

  /**
   * Sends one request. GET and HEAD are repeated once, at once, when the network fails (not on a timeout).
   * @throws Failure `transient` where nothing was sent or a repeat is harmless, `outcome_unknown` where the vendor may
   * have acted, `invalid` for an address that must not be called, `unexpected` for an answer over the size limit.
   */
  async send(request: VendorRequest): Promise<VendorResponse> {
    const startedMs = this.#now();
    const admission = this.#breaker.admit(request.connectionId);
    if (!admission.admitted) {
      this.#report(request, 'circuit_open', startedMs);
      throw new Failure('transient', `${request.vendor} failed several times in a row; calls pause for a while`, {
        retryAfterMs: admission.retryAfterMs,
      });
    }
    try {
      const response = await this.#exchange(request);
      if (response.status >= 500) this.#breaker.failed(request.connectionId, request.vendor);
      else this.#breaker.succeeded(request.connectionId);
      this.#report(request, outcomeOfStatus(response.status), startedMs, { status: response.status });
      return response;
    } catch (thrown) {
      const outcome = outcomeOf(thrown);
      const failure = failureOf(thrown, request, isRepeatable(request));
      if (outcome === 'network' || outcome === 'timeout') this.#breaker.failed(request.connectionId, request.vendor);
      else this.#breaker.withdrawn(request.connectionId);
      this.#report(request, outcome, startedMs, { failure: failure.kind, reason: failure.message });
      throw failure;
    }
  }

  /** A `fetch` for an SDK that takes one: every call goes the same way as `send`, with the same failures thrown. */
  fetchFor(purpose: FetchPurpose): typeof fetch {
    return fetchThrough((request) => this.send(request), purpose);
  }

  /** Waits for the calls under way, then closes all connections. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #exchange(request: VendorRequest): Promise<VendorResponse> {
    const url = checkTarget(request.url, this.#options.allowPrivateNetworks);
    const headers = new Headers(request.headers);
    for (const name of unsentHeaders) headers.delete(name);
    const attempt = () => exchange(this.#agent, {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method.toUpperCase(),
      headers: Object.fromEntries(headers),
      body: request.body ?? null,
    }, {
      timeoutMs: request.timeoutMs ?? defaultTimeoutMs,
      maxResponseBytes: request.maxResponseBytes ?? defaultMaxResponseBytes,
      ...(request.signal && { signal: request.signal }),
    });
    try {
      return await attempt();
    } catch (thrown) {
      // A kept-alive connection that the vendor closed in the same moment is the usual cause.
      if (outcomeOf(thrown) !== 'network' || !repeatableMethods.has(request.method.toUpperCase())) throw thrown;
      return await attempt();
    }
  }

  /** One line and one sample a call. Paths are left out with the queries: some vendors put e-mail addresses there. */
  #report(purpose: CallPurpose & { url: string; method: string }, outcome: CallOutcome, startedMs: number, more: object = {}): void {
    const durationMs = this.#now() - startedMs;
    this.#metrics.record(purpose.vendor, purpose.operation, outcome, durationMs / 1_000);
    const { vendor, operation, tenantId, connectionId, method } = purpose;
    const host = URL.canParse(purpose.url) ? new URL(purpose.url).host : 'invalid';
    const line = { vendor, operation, tenantId, connectionId, method, host, outcome, durationMs, ...more };
    if (outcome === 'success') this.#options.logger.info(line, 'vendor call');
    else this.#options.logger.warn(line, 'vendor call');
  }
}

function isRepeatable(request: VendorRequest): boolean {
  return request.idempotent === true || repeatableMethods.has(request.method.toUpperCase());
}
