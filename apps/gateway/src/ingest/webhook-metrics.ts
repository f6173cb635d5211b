import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';
import { latencyBucketsSeconds } from '@crossdock/service-kit';

/** What became of a webhook at the edge. */
export type WebhookOutcome = 'accepted' | 'duplicate' | 'ping' | 'bad_signature' | 'unknown_tenant' | 'malformed' | 'dead_lettered' | 'unavailable';

@Injectable()
export class WebhookMetrics {
  readonly received: Counter<'vendor' | 'outcome'>;
  readonly acceptDuration: Histogram<'vendor'>;

  constructor(registry: Registry) {
    this.received = new Counter({
      name: 'crossdock_webhook_received_total', help: 'Webhooks by what became of them.',
      labelNames: ['vendor', 'outcome'], registers: [registry],
    });
    this.acceptDuration = new Histogram({
      name: 'crossdock_webhook_accept_duration_seconds', help: 'Time from the whole body to the durable commit.',
      labelNames: ['vendor'], buckets: latencyBucketsSeconds, registers: [registry],
    });
  }
}
