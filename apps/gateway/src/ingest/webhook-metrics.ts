import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { latencyBucketsSeconds, TenantWork, TracedHistogram } from '@crossdock/metrics';

/** What became of a webhook at the edge. */
export type WebhookOutcome = 'accepted' | 'duplicate' | 'ping' | 'bad_signature' | 'unknown_tenant' | 'malformed' | 'too_large' | 'dead_lettered' | 'unavailable';

@Injectable()
export class WebhookMetrics {
  readonly received: Counter<'vendor' | 'outcome'>;
  readonly acceptDuration: TracedHistogram<'vendor'>;
  readonly tenantWork: TenantWork;

  constructor(registry: Registry) {
    this.tenantWork = TenantWork.of(registry);
    this.received = new Counter({
      name: 'crossdock_webhook_received_total', help: 'Webhooks by what became of them.',
      labelNames: ['vendor', 'outcome'], registers: [registry],
    });
    this.acceptDuration = new TracedHistogram({
      name: 'crossdock_webhook_accept_duration_seconds', help: 'Time from the whole body to the durable commit.',
      labelNames: ['vendor'], buckets: latencyBucketsSeconds, registers: [registry],
    });
  }
}
