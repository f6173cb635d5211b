import type { Span } from '@opentelemetry/api';
import type { Envelope } from '@crossdock/contracts';
import { TenantWork, TracedHistogram } from '@crossdock/metrics';
import { Counter, type Registry } from 'prom-client';
import { ConsumerLag } from './consumer-lag.ts';

export type EventOutcome = 'applied' | 'stale' | 'duplicate' | 'failed' | 'dead_lettered' | 'unconcerned';

/** What one consumer does, counted by event type. */
export class EventMetrics {
  readonly lag: ConsumerLag;
  readonly #consumer: string;
  readonly #handled: Counter<'consumer' | 'type' | 'outcome'>;
  readonly #duration: TracedHistogram<'consumer' | 'type'>;
  readonly #restarts: Counter<'consumer'>;
  readonly #tenantWork: TenantWork;

  constructor(consumer: string, registry: Registry) {
    this.#consumer = consumer;
    this.lag = new ConsumerLag(consumer, registry);
    this.#tenantWork = TenantWork.of(registry);
    this.#handled = new Counter({
      name: 'crossdock_event_handled_total', help: 'Events by what became of them.',
      labelNames: ['consumer', 'type', 'outcome'], registers: [registry],
    });
    this.#duration = new TracedHistogram({
      name: 'crossdock_event_handle_duration_seconds', help: 'Time of one inbox transaction, the effects of its events included.',
      labelNames: ['consumer', 'type'], buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5], registers: [registry],
    });
    this.#restarts = new Counter({
      name: 'crossdock_consumer_restarted_total', help: 'How often a consumer that had fallen silent was replaced.',
      labelNames: ['consumer'], registers: [registry],
    });
  }

  count(type: string, outcome: EventOutcome, times = 1): void {
    this.#handled.inc({ consumer: this.#consumer, type, outcome }, times);
  }

  /** Whose events were handled, whatever became of them. */
  countTenants(envelopes: readonly Envelope[]): void {
    for (const { tenantid } of envelopes) this.#tenantWork.count(tenantid, 'event');
  }

  /** One addition for each kind of outcome, not one for each event. */
  countAll(type: string, outcomes: readonly EventOutcome[]): void {
    for (const [outcome, { length }] of Map.groupBy(outcomes, (each) => each)) this.count(type, outcome, length);
  }

  /** @returns what ends the time; it takes the span that the time was spent in, where that is not the active one */
  startTimer(type: string): (spentIn?: Span) => void {
    return this.#duration.startTimer({ consumer: this.#consumer, type });
  }

  countRestart(): void {
    this.#restarts.inc({ consumer: this.#consumer });
  }
}
