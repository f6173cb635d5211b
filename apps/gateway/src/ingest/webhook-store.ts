import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { byteaArray, EventPublisher, noveltyInsert, textArray, uuidArray } from '@crossdock/event-bus';
import { isDatabaseAway, LOGGER, type Logger } from '@crossdock/service-kit';
import { TenantDatabase, type SystemSession } from '@crossdock/tenancy';
import type { WebhookDelivery } from './webhook-source.ts';

interface Waiting {
  readonly deliveries: readonly WebhookDelivery[];
  readonly resolve: (fresh: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests that share one commit at most; beyond that the statement's parameters cost more than a further commit. */
const groupSize = 200;

const insertWebhooks = noveltyInsert('crossdock-webhooks', `
  INSERT INTO received_webhook (dedupe_key, event_id, tenant_id, connection_id, vendor, body)
  SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bytea[])
  ON CONFLICT DO NOTHING RETURNING event_id`, 6);

/**
 * Stores deliveries with their outbox rows. Requests that arrive while a commit is under way share the next one, and
 * each is answered only after its commit: one statement serves many without any of them risking its event.
 */
@Injectable()
export class WebhookStore implements OnApplicationShutdown {
  #waiting: Waiting[] = [];
  #isCommitting = false;
  /** Kept open, so that a group costs one round trip; a fault ends it and the next group begins a new one. */
  #session: SystemSession | undefined;

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

  async onApplicationShutdown(): Promise<void> {
    await this.#endSession();
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
      const fresh = new Set(await this.#insert(group.flatMap(({ deliveries }) => deliveries)));
      for (const { deliveries, resolve } of group) resolve(deliveries.filter(({ envelope }) => fresh.delete(envelope.id)).length);
    } catch (error) {
      await this.#endSession();
      if (group.length === 1 || isDatabaseAway(error)) return group.forEach(({ reject }) => reject(error));
      // One request's data may be what PostgreSQL refuses; the others must not suffer for it.
      this.logger.warn({ err: error, requests: group.length }, 'a shared commit failed; storing its requests one by one');
      for (const single of group) await this.#commitGroup([single]);
    }
  }

  /** @returns the ids of the events that were not there before. */
  async #insert(deliveries: readonly WebhookDelivery[]): Promise<ReadonlySet<string>> {
    if (deliveries.length === 0) return new Set();
    this.#session ??= await this.database.systemSession();
    const different = [...new Map(deliveries.map((delivery) => [delivery.envelope.id, delivery])).values()];
    const parameters = [
      byteaArray(different.map(({ dedupeKey }) => dedupeKey)), uuidArray(different.map(({ envelope }) => envelope.id)),
      uuidArray(different.map(({ envelope }) => envelope.tenantid)), uuidArray(different.map(({ connectionId }) => connectionId)),
      textArray(different.map(({ vendor }) => vendor)), byteaArray(different.map(({ body }) => body)),
    ];
    return this.publisher.appendNew(this.#session, { statement: insertWebhooks, parameters }, different.map(({ envelope }) => envelope));
  }

  async #endSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close().catch(() => undefined);
  }
}
