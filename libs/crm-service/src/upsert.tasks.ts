import { ConnectionStore } from '@crossdock/connections';
import type { CrmConnector, UpsertResult } from '@crossdock/crm-connector';
import {
  crmUpsertCompleted, crmUpsertRequested, deterministicId, Failure, upsertRecordSchema,
  type EventData, type UpsertRecord,
} from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from './connector-task.ts';

/** Records of one connection go out together, in the largest batch that every CRM takes. */
const upsertTask = defineTaskKind({
  kind: 'crm.upsert',
  schema: z.object({ requestId: z.uuid(), connectionId: z.uuid(), record: upsertRecordSchema }),
  batchSize: 100,
  timeoutMs: 60_000,
});
type UpsertPayload = z.infer<typeof upsertTask.schema>;

/** Brings requested records into the CRM and says what became of each. */
@Injectable()
export class UpsertTasks implements OnModuleInit {
  readonly #queue: TaskQueue;
  readonly #registry: TaskRegistry;
  readonly #publisher: EventPublisher;
  readonly #connections: ConnectionStore;
  readonly #connector: CrmConnector;

  constructor(
    queue: TaskQueue, registry: TaskRegistry, publisher: EventPublisher, connections: ConnectionStore,
    @Inject(CRM_CONNECTOR) connector: CrmConnector,
  ) {
    this.#queue = queue;
    this.#registry = registry;
    this.#publisher = publisher;
    this.#connections = connections;
    this.#connector = connector;
  }

  onModuleInit(): void {
    this.#registry.register(upsertTask, (batch) => this.#run(batch), {
      onDead: (manager, task, failure) => this.#say(manager, task.payload, failure),
    });
  }

  async enqueue(manager: EntityManager, { requestId, connectionId, record }: EventData<typeof crmUpsertRequested>): Promise<void> {
    await this.#queue.enqueue(manager, upsertTask, {
      recordKey: recordKeyOf(connectionId, record), groupKey: connectionId, payload: { requestId, connectionId, record },
    });
  }

  async #run(batch: TaskBatch<UpsertPayload>): Promise<void> {
    const connection = await connectionOf(this.#connections, batch);
    const results = await this.#connector.upsert(connection, batch.tasks.map(({ payload }) => payload.record), batch.signal);
    for (const [index, task] of batch.tasks.entries()) await this.#end(batch, task, results[index]);
  }

  async #end(batch: TaskBatch<UpsertPayload>, task: Task<UpsertPayload>, result: UpsertResult | undefined): Promise<void> {
    if (result === undefined || result instanceof Failure) await batch.fail(task, result ?? new Failure('outcome_unknown', 'The record got no result.'));
    else await batch.settle(task, (manager) => this.#say(manager, task.payload, result));
  }

  /** The id follows from request and outcome: a request that is refused, mended and replayed is told of again. */
  async #say(manager: EntityManager, { requestId, connectionId, record }: UpsertPayload, result: UpsertResult): Promise<void> {
    const outcome = result instanceof Failure
      ? { outcome: 'refused' as const, kind: result.kind, message: result.message }
      : { outcome: result.outcome, crmId: result.crmId, created: result.created };
    await this.#publisher.publish(manager, crmUpsertCompleted, {
      id: deterministicId('crm.upsert.completed', requestId, outcome.outcome),
      subject: `crm-upsert/${requestId}`,
      data: { requestId, connectionId, vendor: this.#connector.vendor, object: record.object, result: outcome },
    });
  }
}

/** Work on one record runs in order. The key shows up in lists and logs, so that it does not hold the e-mail itself. */
function recordKeyOf(connectionId: string, record: UpsertRecord): string {
  return record.object === 'contact'
    ? `${connectionId}/contact/${deterministicId(connectionId, record.fields.email.toLowerCase())}`
    : `${connectionId}/deal-key/${record.externalKey}`;
}
