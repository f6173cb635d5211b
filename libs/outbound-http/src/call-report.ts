import type { Failure } from '@crossdock/contracts';
import type { Logger } from 'pino';
import type { CallMetrics, CallOutcome } from './call-metrics.ts';
import type { CallRecorder } from './call-record.ts';
import { endpointTemplate } from './endpoint-template.ts';
import type { VendorRequest } from './vendor-call.ts';

export interface CallAttempt {
  readonly attempt: number;
  readonly startedMs: number;
  readonly outcome: CallOutcome;
  readonly status?: number;
  readonly failure?: Failure;
}

/** Tells of each attempt: a sample for the metrics, a line for the log, a record for support. */
export class CallReport {
  readonly #metrics: CallMetrics;
  readonly #logger: Logger;
  readonly #recorder: CallRecorder | undefined;
  readonly #now: () => number;

  constructor(parts: { readonly metrics: CallMetrics; readonly logger: Logger; readonly recorder: CallRecorder | undefined; readonly now: () => number }) {
    this.#metrics = parts.metrics;
    this.#logger = parts.logger;
    this.#recorder = parts.recorder;
    this.#now = parts.now;
  }

  attempt(request: VendorRequest, { attempt, startedMs, outcome, status, failure }: CallAttempt): void {
    const durationMs = this.#now() - startedMs;
    this.#tell(request, outcome, durationMs, {
      attempt, ...(status !== undefined && { status }), ...(failure && { failure: failure.kind, reason: failure.message }),
    });
    const { vendor, operation, tenantId, connectionId, method, url } = request;
    this.#recorder?.record({
      vendor, operation, tenantId, connectionId, method: method.toUpperCase(), endpoint: endpointTemplate(url), attempt, outcome,
      startedAt: new Date(startedMs), durationMs, ...(status !== undefined && { status }),
    });
  }

  /** A call that was held back on our side; the vendor knows nothing of it, and so it gets no record. */
  unsent(request: VendorRequest, outcome: CallOutcome): void {
    this.#tell(request, outcome, 0, {});
  }

  /** Hosts may be the tenants' own, and some vendors put e-mail addresses into paths: neither is told. */
  #tell({ vendor, operation, tenantId, connectionId, method }: VendorRequest, outcome: CallOutcome, durationMs: number, more: object): void {
    this.#metrics.record({ vendor, operation, tenantId }, outcome, durationMs / 1_000);
    const line = { vendor, operation, tenantId, connectionId, method, outcome, durationMs, ...more };
    if (outcome === 'success') this.#logger.info(line, 'vendor call');
    else this.#logger.warn(line, 'vendor call');
  }
}
