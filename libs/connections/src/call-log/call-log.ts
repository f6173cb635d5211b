import { BackgroundLoop } from '@crossdock/background-loop';
import type { CallRecord, CallRecorder } from '@crossdock/outbound-http';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { QueryFailedError } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { CallCounts } from './call-counts.ts';
import { keepCallDays, writeCalls, type StoredCall } from './call-log.store.ts';

export interface CallLogOptions {
  readonly database: TenantDatabase;
  readonly logger: Logger;
  readonly metrics: Registry;
  /** How many days a call's record is kept. The counts are kept for 400 days. */
  readonly retentionDays: number;
  /** Records that wait for their write at most; what comes beyond is counted and dropped. Default 10,000. */
  readonly bufferSize?: number;
}

const batchSize = 500;
const flushEveryMs = 1_000;
const upkeepEveryMs = 3_600_000;

/** The database is there and does not take the rows (SQLSTATE classes 22 and 23): it will not take them later either. */
function isRefusal(error: unknown): boolean {
  return error instanceof QueryFailedError && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code);
}

/**
 * Keeps a record of each call to a vendor, written in batches beside the calls: a call never waits for its record, and
 * where the database is away the oldest records go first. The counts of a tenant's calls lose nothing but with the process.
 */
export class CallLog implements CallRecorder {
  readonly #options: CallLogOptions;
  readonly #bufferSize: number;
  readonly #dropped: Counter;
  readonly #loop: BackgroundLoop;
  #waiting: StoredCall[] = [];
  #counts = new CallCounts();
  #upkeepDueMs = 0;

  constructor(options: CallLogOptions) {
    this.#options = options;
    this.#bufferSize = options.bufferSize ?? 10_000;
    this.#dropped = new Counter({
      name: 'crossdock_call_log_dropped_total', help: 'Records of vendor calls that were dropped because the database did not take them in time.',
      registers: [options.metrics],
    });
    this.#loop = new BackgroundLoop({
      round: () => this.#round(),
      onFault: async (error) => options.logger.warn({ err: error }, 'records of vendor calls could not be written; it is tried again'),
      idleMs: flushEveryMs,
      faultPauseMs: 5 * flushEveryMs,
    });
  }

  record(call: CallRecord): void {
    this.#counts.add(call);
    this.#waiting.push({ ...call, id: uuid(), correlationId: tenantContext.current()?.correlationId, together: tenantContext.current()?.together });
    this.#dropExcess();
    if (this.#waiting.length >= batchSize) this.#loop.wake();
  }

  start(): void {
    this.#loop.start();
  }

  /** Writes what waits; then nothing is written any more. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    try {
      while (this.#waiting.length > 0 || !this.#counts.isEmpty()) await this.#flush();
    } catch (error) {
      this.#options.logger.warn({ err: error, records: this.#waiting.length }, 'records of vendor calls are lost: the database is away while the service ends');
    }
  }

  async #round(): Promise<'busy' | 'idle'> {
    if (Date.now() >= this.#upkeepDueMs) {
      await keepCallDays(this.#options.database, this.#options.retentionDays);
      this.#upkeepDueMs = Date.now() + upkeepEveryMs;
    }
    if (this.#waiting.length > 0 || !this.#counts.isEmpty()) await this.#flush();
    return this.#waiting.length >= batchSize ? 'busy' : 'idle';
  }

  async #flush(): Promise<void> {
    const [calls, counts] = [this.#waiting.slice(0, batchSize), this.#counts];
    this.#waiting = this.#waiting.slice(batchSize);
    this.#counts = new CallCounts();
    try {
      await writeCalls(this.#options.database, calls, counts.entries());
    } catch (error) {
      if (isRefusal(error)) {
        this.#dropped.inc(calls.length);
        this.#options.logger.error({ err: error, records: calls.length }, 'the database refuses records of vendor calls; they are dropped, so that those behind them are written');
        return;
      }
      this.#waiting = [...calls, ...this.#waiting];
      this.#dropExcess();
      for (const count of counts.entries()) this.#counts.merge(count);
      throw error;
    }
  }

  #dropExcess(): void {
    const excess = this.#waiting.length - this.#bufferSize;
    if (excess <= 0) return;
    this.#waiting.splice(0, excess);
    this.#dropped.inc(excess);
  }
}
