import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EventPublisher } from '@crossdock/event-bus';
import { isDatabaseAway, LOGGER, type Logger } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import type { WebhookDelivery } from './webhook-source.ts';

interface Waiting {
  readonly deliveries: readonly WebhookDelivery[];
  readonly resolve: (fresh: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests that share one commit at most; beyond that the statement's parameters cost more than a further commit. */
const groupSize = 200;

/**
 * Stores deliveries with their outbox rows. Requests that arrive while a commit is under way share the next one, and
 * each is answered only after its commit: one transaction serves many without any of them risking its event.
 */
@Injectable()
export class WebhookStore {
  #waiting: Waiting[] = [];
  #isCommitting = false;

  constructor(
    private readonly database: TenantDatabase,
    private readonly publisher: EventPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns how many of the deliveries are new; the others were stored before and nothing more happens. */
  store(deliveries: readonly WebhookDelivery[]): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#waiting.push({ deliveries, resolve, reject });
    if (!this.#isCommitting) void this.#commitAll();
    return promise;
  }

  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.slice(0, groupSize);
      this.#waiting = this.#waiting.slice(groupSize);
      await this.#commitGroup(group);
    }
    this.#isCommitting = false;
  }

  async #commitGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const fresh = await this.database.systemTransaction((manager) => this.#insert(manager, group.flatMap(({ deliveries }) => deliveries)));
      for (const { deliveries, resolve } of group) resolve(deliveries.filter(({ dedupeKey }) => fresh.delete(dedupeKey.toString('hex'))).length);
    } catch (error) {
      if (group.length === 1 || isDatabaseAway(error)) return group.forEach(({ reject }) => reject(error));
      // One request's data may be what PostgreSQL refuses; the others must not suffer for it.
      this.logger.warn({ err: error, requests: group.length }, 'a shared commit failed; storing its requests one by one');
      for (const single of group) await this.#commitGroup([single]);
    }
  }

  /** @returns the dedupe keys, as hex, that were not there before. */
  async #insert(manager: EntityManager, deliveries: readonly WebhookDelivery[]): Promise<Set<string>> {
    const inserted = await manager.query<Array<{ dedupe_key: Buffer }>>(
      `INSERT INTO received_webhook (dedupe_key, event_id, tenant_id, connection_id, vendor, body)
       SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bytea[])
       ON CONFLICT DO NOTHING RETURNING dedupe_key`,
      [
        deliveries.map(({ dedupeKey }) => dedupeKey), deliveries.map(({ envelope }) => envelope.id),
        deliveries.map(({ envelope }) => envelope.tenantid), deliveries.map(({ connectionId }) => connectionId),
        deliveries.map(({ vendor }) => vendor), deliveries.map(({ body }) => body),
      ],
    );
    const fresh = new Set(inserted.map((row) => row.dedupe_key.toString('hex')));
    const firstOfEach = new Map(deliveries.map((delivery) => [delivery.dedupeKey.toString('hex'), delivery]));
    const events = [...firstOfEach].filter(([key]) => fresh.has(key)).map(([, { envelope }]) => envelope);
    if (events.length > 0) await this.publisher.append(manager, events);
    return fresh;
  }
}
