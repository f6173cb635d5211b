import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@crossdock/contracts';
import { retryAfterMs, type BudgetGrant, type RateBudgets } from '@crossdock/rate-budgets';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { Agent } from 'undici';
import { CallMetrics, outcomeOfStatus } from './call-metrics.ts';
import type { CallRecorder } from './call-record.ts';
import { CallReport } from './call-report.ts';
import { asCallSpan } from './call-span.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { checkTarget, egressConnector, type PrivateNetworks } from './egress-guard.ts';
import { failureOf, outcomeOf } from './exchange-failure.ts';
import { exchange, ExchangeError } from './http-exchange.ts';
import { VendorNotices } from './vendor-notices.ts';
import type { VendorRequest, VendorResponse } from './vendor-call.ts';
import { fetchThrough, type FetchPurpose } from './vendor-fetch.ts';

export interface OutboundHttpOptions {
  readonly metrics: Registry;
  readonly logger: Logger;
  /** Lets calls reach these networks beside the public internet, and any port. For development and tests only. */
  readonly allowPrivateNetworks: PrivateNetworks;
  /** Counts calls that name their vendor's limits before they go out; without it nothing is counted. */
  readonly budgets?: Pick<RateBudgets, 'acquire'>;
  /** Keeps a record of each call for support. */
  readonly recorder?: CallRecorder;
  /** Connections kept at once to one origin (scheme, host, port); further calls wait. Default 32. */
  readonly maxConnectionsPerOrigin?: number;
  readonly now?: () => number;
  readonly random?: () => number;
}

const connectTimeoutMs = 5_000;
const defaultTimeoutMs = 30_000;
const defaultBodyIdleTimeoutMs = 10_000;
const defaultMaxResponseBytes = 8 * 1024 * 1024;
/** A call is repeated once in here; whoever made it repeats it later, with pauses that grow. */
const mostAttempts = 2;
/** Before a repeat a pause by chance, up to this, so that callers who failed together do not come back together. */
const longestJitterMs = 200;
/** A longer `Retry-After` is the caller's: a task rests meanwhile and holds no worker. */
const longestRetryAfterMs = 2_000;
const repeatableMethods = new Set(['GET', 'HEAD']);
/** Set by the connection itself, or unwanted: an answer that unpacks to something huge is never asked for. */
const unsentHeaders = ['accept-encoding', 'connection', 'content-length', 'expect', 'host', 'transfer-encoding'];

/**
 * The one way out to vendors: budgets, deadlines, size limits, a guard against private addresses, a circuit breaker a
 * connection, spans, metrics, and a record and a log line an attempt. Answers come back whatever their status;
 * redirects are not followed.
 */
export class OutboundHttp {
  readonly #options: OutboundHttpOptions;
  readonly #agent: Agent;
  readonly #breaker: CircuitBreaker;
  readonly #report: CallReport;
  readonly #notices: VendorNotices;
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
    this.#report = new CallReport({
      metrics: new CallMetrics(options.metrics, () => this.#breaker.openByGroup()),
      logger: options.logger, recorder: options.recorder, now: this.#now,
    });
    this.#notices = new VendorNotices(options.metrics, options.logger);
  }

  /**
   * Sends one request, and once more where that is harmless: when nothing was sent, or when a read or an idempotent
   * call lost its connection or got a 503 with a short `Retry-After`. A timeout is not repeated.
   * @throws Failure `transient` where nothing was sent or a repeat is harmless, `outcome_unknown` where the vendor may
   * have acted, `rate_limited` or `quota_exhausted` where the budget is used up and nothing was sent, `invalid` for an
   * address that must not be called, `unexpected` for an answer over the size limit.
   */
  async send(request: VendorRequest): Promise<VendorResponse> {
    const startedMs = this.#now();
    const admission = this.#breaker.admit(request.connectionId);
    if (!admission.admitted) {
      this.#report.unsent(request, 'circuit_open');
      throw new Failure('transient', `${request.vendor} failed several times in a row; calls pause for a while`, {
        retryAfterMs: admission.retryAfterMs,
      });
    }
    try {
      const response = await this.#sendRepeating(request, startedMs + (request.timeoutMs ?? defaultTimeoutMs));
      if (response.status >= 500) this.#breaker.failed(request.connectionId, request.vendor);
      else this.#breaker.succeeded(request.connectionId);
      return response;
    } catch (thrown) {
      const outcome = outcomeOf(thrown);
      if (outcome === 'network' || outcome === 'timeout') this.#breaker.failed(request.connectionId, request.vendor);
      else this.#breaker.withdrawn(request.connectionId);
      throw failureOf(thrown, request, isRepeatable(request));
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

  async #sendRepeating(request: VendorRequest, deadlineMs: number): Promise<VendorResponse> {
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === mostAttempts;
      try {
        const response = await this.#attempt(request, attempt, deadlineMs);
        const pauseMs = isLast ? undefined : askedPauseMs(request, response);
        if (pauseMs === undefined || this.#now() + pauseMs >= deadlineMs) return response;
        await this.#pause(pauseMs + this.#jitterMs(), request);
      } catch (thrown) {
        if (isLast || !mayRepeat(thrown, request)) throw thrown;
        await this.#pause(this.#jitterMs(), request);
      }
    }
  }

  async #attempt(request: VendorRequest, attempt: number, deadlineMs: number): Promise<VendorResponse> {
    const grant = await this.#takeBudget(request, deadlineMs);
    const startedMs = this.#now();
    try {
      const response = await asCallSpan(request, attempt, () => this.#exchange(request, Math.max(1, deadlineMs - startedMs)));
      void grant?.settle(response);
      this.#notices.read(request, response.headers);
      this.#report.attempt(request, { attempt, startedMs, outcome: outcomeOfStatus(response.status), status: response.status });
      return response;
    } catch (thrown) {
      void grant?.settle();
      this.#report.attempt(request, { attempt, startedMs, outcome: outcomeOf(thrown), failure: failureOf(thrown, request, isRepeatable(request)) });
      throw thrown;
    }
  }

  /** An address that may not be called uses up no budget. */
  async #takeBudget(request: VendorRequest, deadlineMs: number): Promise<BudgetGrant | undefined> {
    const { vendor, tenantId, connectionId, operation, signal } = request;
    try {
      const url = checkTarget(request.url, this.#options.allowPrivateNetworks);
      if (!request.budget) return undefined;
      return await this.#options.budgets?.acquire({
        vendor, tenantId, connectionId, ...request.budget,
        call: { operation, method: request.method.toUpperCase(), pathname: url.pathname },
        patienceMs: deadlineMs - this.#now(),
        ...(signal && { signal }),
      });
    } catch (thrown) {
      this.#report.unsent(request, outcomeOf(thrown));
      throw thrown;
    }
  }

  #exchange(request: VendorRequest, timeoutMs: number): Promise<VendorResponse> {
    const url = checkTarget(request.url, this.#options.allowPrivateNetworks);
    const headers = new Headers(request.headers);
    for (const name of unsentHeaders) headers.delete(name);
    return exchange(this.#agent, {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method.toUpperCase(),
      headers: Object.fromEntries(headers),
      body: request.body ?? null,
    }, {
      timeoutMs,
      headersTimeoutMs: Math.min(timeoutMs, request.headersTimeoutMs ?? timeoutMs),
      bodyIdleTimeoutMs: Math.min(timeoutMs, request.bodyIdleTimeoutMs ?? defaultBodyIdleTimeoutMs),
      maxResponseBytes: request.maxResponseBytes ?? defaultMaxResponseBytes,
      ...(request.signal && { signal: request.signal }),
    });
  }

  #jitterMs(): number {
    return (this.#options.random ?? Math.random)() * longestJitterMs;
  }

  async #pause(ms: number, { signal }: VendorRequest): Promise<void> {
    await sleep(ms, undefined, { signal }).catch((thrown: unknown) => {
      throw new ExchangeError('cancelled', 'unsent', thrown);
    });
  }
}

function isRepeatable(request: VendorRequest): boolean {
  return request.idempotent === true || repeatableMethods.has(request.method.toUpperCase());
}

/** A kept-alive connection that the vendor closed in the same moment is the usual cause of a network fault. */
function mayRepeat(thrown: unknown, request: VendorRequest): boolean {
  return outcomeOf(thrown) === 'network' && thrown instanceof ExchangeError && (thrown.phase === 'unsent' || isRepeatable(request));
}

function askedPauseMs(request: VendorRequest, { status, headers }: VendorResponse): number | undefined {
  if (status !== 503 || !isRepeatable(request)) return undefined;
  const pauseMs = retryAfterMs(headers);
  return pauseMs !== undefined && pauseMs <= longestRetryAfterMs ? pauseMs : undefined;
}
