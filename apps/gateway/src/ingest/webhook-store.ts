import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { GroupCommit } from '@crossdock/background-loop';
import { byteaArray, EventPublisher, noveltyInsert, textArray, uuidArray } from '@crossdock/event-bus';
import { isDatabaseAway, LOGGER, type Logger } from '@crossdock/service-kit';
import { TenantDatabase, type SystemSession } from '@crossdock/tenancy';
import type { WebhookDelivery } from './webhook-source.ts';

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
  readonly #commits: GroupCommit<readonly WebhookDelivery[], number>;
  /** Kept open, so that a group costs one round trip; a fault ends it and the next group begins a new one. */
  #session: SystemSession | undefined;

  constructor(
    private readonly database: TenantDatabase,
    private readonly publisher: EventPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#commits = new GroupCommit({
      commit: (requests) => this.#commit(requests), sizeOf: () => 1, largestGroup: () => groupSize, concurrency: 1, concernsAll: isDatabaseAway,
    });
  }

  /** @returns how many of the deliveries are new; the others were stored before and nothing more happens. */
  store(deliveries: readonly WebhookDelivery[]): Promise<number> {
    return this.#commits.commit(deliveries);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#endSession();
  }

  async #commit(requests: ReadonlyArray<readonly WebhookDelivery[]>): Promise<readonly number[]> {
    try {
      const fresh = new Set(await this.#insert(requests.flat()));
      return requests.map((deliveries) => deliveries.filter(({ envelope }) => fresh.delete(envelope.id)).length);
    } catch (error) {
      await this.#endSession();
      // One request's data may be what PostgreSQL refuses; the others are then stored one by one.
      if (requests.length > 1) this.logger.warn({ err: error, requests: requests.length }, 'a shared commit failed');
      throw error;
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
