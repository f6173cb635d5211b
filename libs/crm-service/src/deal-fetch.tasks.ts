import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import type { CrmConnector } from '@crossdock/crm-connector';
import { dealChanged, deterministicId, Failure, type Deal } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from './connector-task.ts';
import { keepIfNews } from './crm-record.repository.ts';

const dealFetchTask = defineTaskKind({
  kind: 'crm.fetch-deal',
  schema: z.object({ dealId: z.string().min(1) }),
  batchSize: 100,
  timeoutMs: 60_000,
});
type DealFetchPayload = z.infer<typeof dealFetchTask.schema>;

/**
 * Fetches deals that were touched and says their change. A webhook tells only that something happened, maybe late and
 * out of order; what the CRM answers now is the truth, and fifty touches on one deal need one answer.
 */
@Injectable()
export class DealFetchTasks implements OnModuleInit {
  readonly #queue: TaskQueue;
  readonly #registry: TaskRegistry;
  readonly #publisher: EventPublisher;
  readonly #connections: ConnectionStore;
  readonly #health: ConnectionHealth;
  readonly #connector: CrmConnector;

  constructor(
    queue: TaskQueue, registry: TaskRegistry, publisher: EventPublisher, connections: ConnectionStore, health: ConnectionHealth,
    @Inject(CRM_CONNECTOR) connector: CrmConnector,
  ) {
    this.#queue = queue;
    this.#registry = registry;
    this.#publisher = publisher;
    this.#connections = connections;
    this.#health = health;
    this.#connector = connector;
  }

  onModuleInit(): void {
    this.#registry.register(dealFetchTask, (batch) => this.#run(batch));
  }

  async enqueue(manager: EntityManager, connectionId: string, dealId: string): Promise<void> {
    await this.#queue.enqueue(manager, dealFetchTask, {
      recordKey: `${connectionId}/deal/${dealId}`, groupKey: connectionId, payload: { dealId }, coalesce: true,
    });
  }

  async #run(batch: TaskBatch<DealFetchPayload>): Promise<void> {
    const connection = await connectionOf(this.#connections, batch);
    const ids = batch.tasks.map(({ payload }) => payload.dealId);
    const deals = await this.#health.watch(connection, () => this.#connector.getDeals(connection, ids, batch.signal));
    for (const task of batch.tasks) {
      const deal = deals.get(task.payload.dealId);
      if (deal instanceof Failure) await batch.fail(task, deal);
      // A deal that the CRM no longer has leaves nothing to say.
      else await batch.settle(task, async (manager) => deal && this.#sayIfNews(manager, batch.tenantId, deal));
    }
  }

  async #sayIfNews(manager: EntityManager, tenantId: string, deal: Deal): Promise<void> {
    const digest = await keepIfNews(manager, tenantId, deal);
    if (digest === undefined) return;
    const { vendor, connectionId, externalId } = deal.source;
    await this.#publisher.publish(manager, dealChanged, {
      id: deterministicId('crm.deal.changed', connectionId, externalId, digest),
      subject: `${vendor}/deal/${externalId}`,
      data: deal,
    });
  }
}
