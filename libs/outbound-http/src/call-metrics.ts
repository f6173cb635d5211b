import { vendors, type CalledParty } from '@crossdock/contracts';
import { TenantWork, TracedHistogram } from '@crossdock/metrics';
import { Counter, Gauge, type Registry } from 'prom-client';

/** How a call ended, as a metric label: a small closed set. */
export type CallOutcome =
  | 'success' | 'rate_limited' | 'unauthorised' | 'client_error' | 'server_error'
  | 'timeout' | 'network' | 'cancelled' | 'too_large' | 'refused' | 'circuit_open' | 'no_budget';

export function outcomeOfStatus(status: number): CallOutcome {
  if (status < 400) return 'success';
  if (status === 429) return 'rate_limited';
  if (status === 401) return 'unauthorised';
  return status < 500 ? 'client_error' : 'server_error';
}

const labelNames = ['vendor', 'operation', 'outcome'] as const;

/** Counts and times the calls to vendors; one instance a registry. */
export class CallMetrics {
  readonly #duration: TracedHistogram<(typeof labelNames)[number]>;
  readonly #total: Counter<(typeof labelNames)[number]>;

  readonly #tenantWork: TenantWork;

  constructor(registry: Registry, openCircuits: () => Map<string, number>) {
    const registers = [registry];
    this.#tenantWork = TenantWork.of(registry);
    this.#duration = new TracedHistogram({
      name: 'crossdock_vendor_request_duration_seconds',
      help: 'Time from a vendor call to the last byte of its answer.',
      labelNames, registers: [registry],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    });
    this.#total = new Counter({
      name: 'crossdock_vendor_request_total', help: 'Vendor calls by outcome.', labelNames, registers,
    });
    new Gauge({
      name: 'crossdock_circuit_breaker_state',
      help: 'Connections of a vendor whose circuit is open, so that calls are refused at once.',
      labelNames: ['vendor'], registers,
      collect() {
        const open = openCircuits();
        for (const vendor of [...vendors, 'identity-provider']) this.set({ vendor }, open.get(vendor) ?? 0);
      },
    });
  }

  record({ vendor, operation, tenantId }: { readonly vendor: CalledParty; readonly operation: string; readonly tenantId: string }, outcome: CallOutcome, seconds: number): void {
    this.#tenantWork.count(tenantId, 'vendor_call');
    this.#total.inc({ vendor, operation, outcome });
    this.#duration.observe({ vendor, operation, outcome }, seconds);
  }
}
