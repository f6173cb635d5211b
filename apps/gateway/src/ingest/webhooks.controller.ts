import {
  BadRequestException, Controller, HttpCode, Inject, NotFoundException, Param, ParseEnumPipe, Post, Query, Req, UnauthorizedException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Failure, vendorSchema, type Vendor } from '@crossdock/contracts';
import { keepDeadLetter, OutboxBacklog } from '@crossdock/event-bus';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { Public } from '@crossdock/service-tokens';
import { TenantDatabase } from '@crossdock/tenancy';
import { headersToKeep } from '../operations/kept-webhook.ts';
import { SeenDeliveries } from './seen-deliveries.ts';
import { WebhookMetrics, type WebhookOutcome } from './webhook-metrics.ts';
import type { IncomingWebhook, WebhookReading } from './webhook-source.ts';
import { WebhookSources } from './webhook-sources.ts';
import { WebhookStore } from './webhook-store.ts';

type Refusal = Extract<WebhookReading, { outcome: 'bad_signature' | 'unknown_tenant' | 'malformed' }>;

interface Kept {
  readonly accepted: number;
  readonly outcome: WebhookOutcome;
}

/** A repeat is as good as the first: the vendor has done its part. */
interface Acknowledgement {
  readonly accepted: number;
}

/**
 * Where vendors send their webhooks. 200 means: stored durably, will be worked off. 401 wrong signature, 404 no such
 * connection, 400 not JSON, 413 too large, 415 wrong content type, 503 with Retry-After: not stored, send it again.
 */
@Public()
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly sources: WebhookSources,
    private readonly store: WebhookStore,
    private readonly seen: SeenDeliveries,
    private readonly backlog: OutboxBacklog,
    private readonly database: TenantDatabase,
    private readonly metrics: WebhookMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post(':vendor')
  @HttpCode(200)
  receive(@Param('vendor', vendorPipe()) vendor: Vendor, @Query() query: Record<string, unknown>, @Req() request: FastifyRequest): Promise<Acknowledgement> {
    return this.#receive(vendor, undefined, query, request);
  }

  @Post(':vendor/:connectionId')
  @HttpCode(200)
  receiveForConnection(
    @Param('vendor', vendorPipe()) vendor: Vendor, @Param('connectionId') connectionId: string,
    @Query() query: Record<string, unknown>, @Req() request: FastifyRequest,
  ): Promise<Acknowledgement> {
    return this.#receive(vendor, connectionId, query, request);
  }

  async #receive(vendor: Vendor, connectionId: string | undefined, query: Record<string, unknown>, request: FastifyRequest): Promise<Acknowledgement> {
    const source = this.sources.find(vendor);
    if (!source) throw new NotFoundException();
    const webhook = toIncoming(connectionId, query, request);
    const stopTimer = this.metrics.acceptDuration.startTimer({ vendor });
    let outcome: WebhookOutcome = 'unavailable';
    try {
      if (this.backlog.isFull) throw new Failure('transient', 'Too much waits to be published; send the webhook again later.', { retryAfterMs: 30_000 });
      const reading = await source.read(webhook);
      if (isRefusal(reading)) {
        outcome = reading.outcome;
        throw this.#refuse(vendor, reading);
      }
      const kept = await this.#keep(vendor, webhook, reading);
      outcome = kept.outcome;
      return { accepted: kept.accepted };
    } finally {
      this.metrics.received.inc({ vendor, outcome });
      stopTimer();
    }
  }

  async #keep(vendor: Vendor, webhook: IncomingWebhook, reading: Exclude<WebhookReading, Refusal>): Promise<Kept> {
    switch (reading.outcome) {
      case 'verified': {
        if (await this.seen.haveAll(reading.deliveries)) return { accepted: 0, outcome: 'duplicate' };
        const fresh = await this.store.store(reading.deliveries);
        await this.seen.remember(reading.deliveries);
        return { accepted: fresh, outcome: fresh > 0 ? 'accepted' : 'duplicate' };
      }
      case 'unreadable':
        await this.database.systemTransaction((manager) => keepDeadLetter(manager, {
          ...(reading.tenantId && { tenantId: reading.tenantId }), origin: 'webhook', kind: vendor, reason: 'schema_mismatch', error: reading.reason,
          headers: headersToKeep(webhook), body: webhook.rawBody,
        }));
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

function vendorPipe(): ParseEnumPipe<typeof vendorSchema.enum> {
  return new ParseEnumPipe(vendorSchema.enum, { exceptionFactory: () => new NotFoundException('Nothing is here.') });
}

function toIncoming(connectionId: string | undefined, query: Record<string, unknown>, request: FastifyRequest): IncomingWebhook {
  if (!Buffer.isBuffer(request.body)) throw new UnsupportedMediaTypeException('Send the webhook as application/json.');
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    query,
    contentType: (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
    rawBody: request.body,
    connectionId,
    receivedAt: new Date(),
  };
}
