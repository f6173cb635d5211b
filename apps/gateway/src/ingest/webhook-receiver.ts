import { BadRequestException, Inject, Injectable, NotFoundException, UnauthorizedException } from '@nestjs/common';
import { Failure, vendorSchema, type Vendor } from '@crossdock/contracts';
import { keepDeadLetter, OutboxBacklog } from '@crossdock/event-bus';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { CallerResolver } from '@crossdock/service-tokens';
import { TaskMetrics } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { headersToKeep } from '../operations/kept-webhook.ts';
import { WebhookMetrics, type WebhookOutcome } from './webhook-metrics.ts';
import type { IncomingWebhook, WebhookReading, WebhookSource } from './webhook-source.ts';
import { WebhookSources } from './webhook-sources.ts';
import { asWebhookSpan } from './webhook-span.ts';
import { WebhookStore } from './webhook-store.ts';

type Refusal = Extract<WebhookReading, { outcome: 'bad_signature' | 'unknown_tenant' | 'malformed' }>;

interface Kept {
  readonly accepted: number;
  readonly outcome: WebhookOutcome;
}

/** A repeat is as good as the first: the vendor has done its part. */
export interface Acknowledgement {
  readonly accepted: number;
}

/**
 * Takes vendors' webhooks. A promise kept means: stored durably, will be worked off. What it throws is answered as a
 * problem: 401 wrong signature, 404 no such connection, 400 not JSON, 503 with Retry-After: not stored, send it again.
 */
@Injectable()
export class WebhookReceiver {
  constructor(
    private readonly sources: WebhookSources,
    private readonly store: WebhookStore,
    private readonly backlog: OutboxBacklog,
    private readonly database: TenantDatabase,
    private readonly metrics: WebhookMetrics,
    private readonly tasks: TaskMetrics,
    private readonly callers: CallerResolver,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async receive(vendorName: string, webhook: IncomingWebhook): Promise<Acknowledgement> {
    const source = this.#sourceOf(vendorName);
    if (!source) throw new NotFoundException('Nothing is here.');
    return await asWebhookSpan(source.vendor, () => this.#receive(source.vendor, source, webhook));
  }

  /** Counts a webhook whose body was refused before anybody read it. */
  refusedUnread(vendorName: string, outcome: 'too_large' | 'malformed'): void {
    const source = this.#sourceOf(vendorName);
    if (source) this.metrics.received.inc({ vendor: source.vendor, outcome });
  }

  #sourceOf(vendorName: string): WebhookSource | undefined {
    const vendor = vendorSchema.safeParse(vendorName).data;
    return vendor && this.sources.find(vendor);
  }

  async #receive(vendor: Vendor, source: WebhookSource, webhook: IncomingWebhook): Promise<Acknowledgement> {
    const stopTimer = this.metrics.acceptDuration.startTimer({ vendor });
    let outcome: WebhookOutcome = 'unavailable';
    try {
      if (this.backlog.isFull) throw new Failure('transient', 'Too much waits to be published; send the webhook again later.', { retryAfterMs: 30_000 });
      const reading = await source.read(webhook);
      if (isRefusal(reading)) {
        outcome = reading.outcome;
        throw this.#refuse(vendor, reading);
      }
      if (!await this.#isAtHome(webhook, reading)) {
        outcome = 'unknown_tenant';
        throw this.#refuse(vendor, { outcome });
      }
      const kept = await this.#keep(source, webhook, reading);
      outcome = kept.outcome;
      return { accepted: kept.accepted };
    } finally {
      this.metrics.received.inc({ vendor, outcome });
      stopTimer();
    }
  }

  /** A webhook that was sent to a tenant's domain tells of that tenant's accounts only. */
  async #isAtHome(webhook: IncomingWebhook, reading: Exclude<WebhookReading, Refusal>): Promise<boolean> {
    const tenants = reading.outcome === 'verified' ? new Set(reading.deliveries.map(({ envelope }) => envelope.tenantid)) : [];
    for (const tenantId of tenants) if (!await this.callers.isAtHome(webhook, tenantId)) return false;
    return true;
  }

  async #keep(source: WebhookSource, webhook: IncomingWebhook, reading: Exclude<WebhookReading, Refusal>): Promise<Kept> {
    const { vendor } = source;
    switch (reading.outcome) {
      case 'verified': {
        const fresh = await this.store.store(reading.deliveries);
        for (const { envelope: { tenantid } } of reading.deliveries) this.metrics.tenantWork.count(tenantid, 'webhook');
        return { accepted: fresh, outcome: fresh > 0 ? 'accepted' : 'duplicate' };
      }
      case 'unreadable':
        await this.database.systemTransaction((manager) => keepDeadLetter(manager, {
          ...(reading.tenantId && { tenantId: reading.tenantId }), origin: 'webhook', kind: vendor, reason: 'schema_mismatch', error: reading.reason,
          headers: headersToKeep(webhook), body: source.withoutSecret?.(webhook.rawBody) ?? webhook.rawBody,
        }));
        this.tasks.deadLetters.inc({ origin: 'webhook', reason: 'schema_mismatch' });
        this.logger.error({ vendor, tenantId: reading.tenantId, detail: reading.reason }, 'a webhook was put into the dead letters');
        return { accepted: 0, outcome: 'dead_lettered' };
      case 'ping':
        return { accepted: 0, outcome: 'ping' };
    }
  }

  #refuse(vendor: Vendor, reading: Refusal): Error {
    switch (reading.outcome) {
      case 'bad_signature':
        this.logger.warn({ vendor, connectionId: reading.connectionId, reason: reading.reason }, 'a webhook was refused: its signature does not hold');
        return new UnauthorizedException('The signature does not hold.');
      case 'unknown_tenant':
        return new NotFoundException('Nothing is here.');
      case 'malformed':
        return new BadRequestException(reading.reason);
    }
  }
}

function isRefusal(reading: WebhookReading): reading is Refusal {
  return reading.outcome === 'bad_signature' || reading.outcome === 'unknown_tenant' || reading.outcome === 'malformed';
}
