import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { CallPurpose } from './vendor-call.ts';

const labelNames = ['vendor', 'operation'] as const;

/**
 * What vendors say of their interface's end in headers: `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and `Warning`
 * 299 that speaks of deprecation, as Salesforce sends for an old version. Whoever watches the metric has time to act;
 * the log says it once for each operation, and again where the date changes.
 */
export class VendorNotices {
  readonly #deprecated: Counter<(typeof labelNames)[number]>;
  readonly #sunset: Gauge<'vendor' | 'api'>;

  readonly #logger: Logger;
  /** The date that was logged last, by vendor and operation: as few as the code has operations. */
  readonly #logged = new Map<string, string | null>();

  constructor(registry: Registry, logger: Logger) {
    this.#logger = logger;
    const registers = [registry];
    this.#deprecated = new Counter({
      name: 'crossdock_vendor_deprecation_total', help: 'Answers in which a vendor calls the operation deprecated.', labelNames, registers,
    });
    this.#sunset = new Gauge({
      name: 'crossdock_vendor_api_sunset_timestamp_seconds', help: 'When the vendor will switch an operation (`api`) off, as it said last; seconds since 1970.', labelNames: ['vendor', 'api'], registers,
    });
  }

  read({ vendor, operation }: CallPurpose, headers: Headers): void {
    const sunsetMs = Date.parse(headers.get('sunset') ?? '');
    if (!Number.isNaN(sunsetMs)) this.#sunset.set({ vendor, api: operation }, sunsetMs / 1_000);
    const isDeprecated = headers.has('deprecation') || /(^|,\s*)299\b.*deprecat/i.test(headers.get('warning') ?? '');
    if (!isDeprecated && Number.isNaN(sunsetMs)) return;
    this.#deprecated.inc({ vendor, operation });
    const sunset = Number.isNaN(sunsetMs) ? null : new Date(sunsetMs).toISOString();
    const key = `${vendor} ${operation}`;
    if (this.#logged.get(key) === sunset) return;
    this.#logged.set(key, sunset);
    this.#logger.warn({ vendor, operation, sunset }, 'The vendor calls this operation deprecated');
  }
}
