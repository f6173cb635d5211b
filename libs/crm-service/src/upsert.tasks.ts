import { ConnectionHealth, ConnectionStore, type Connection } from '@crossdock/connections';
import type { CrmConnector, UpsertResult } from '@crossdock/crm-connector';
import {
  crmUpsertCompleted, crmUpsertRequested, deterministicId, Failure, requestedRecordSchema,
  type UpsertObject, type EventData, type RequestedRecord, type UpsertOutcome, type UpsertRecord,
} from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from './connector-task.ts';
import { contactOf, dealOf, failureOfAll, refusedParts, takenParts, type PartResults } from './upsert-parts.ts';

/** Requests of one connection go out together, in the largest batch that every CRM takes. */
const upsertTask = defineTaskKind({
  kind: 'crm.upsert',
  schema: z.object({ requestId: z.uuid(), connectionId: z.uuid(), record: requestedRecordSchema }),
  batchSize: 100,
  timeoutMs: 60_000,
});
type UpsertPayload = z.infer<typeof upsertTask.schema>;
type UpsertTask = Task<UpsertPayload>;

/** Brings requested records into the CRM and says what became of each. */
@Injectable()
export class UpsertTasks implements OnModuleInit {
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
    this.#registry.register(upsertTask, (batch) => this.#run(batch), {
      onDead: (manager, { payload }, failure) => this.#say(manager, payload, {
        ...(contactOf(payload.record) && { contact: failure }), ...(dealOf(payload.record, undefined) && { deal: failure }),
      }),
    });
  }

  async enqueue(manager: EntityManager, { requestId, connectionId, record }: Pick<EventData<typeof crmUpsertRequested>, keyof UpsertPayload>): Promise<void> {
    await this.#queue.enqueue(manager, upsertTask, {
      recordKey: recordKeyOf(connectionId, record), groupKey: connectionId, payload: { requestId, connectionId, record },
    });
  }

  /** Contacts first, then deals: one that was asked for with its contact is associated with what the CRM made of it. */
  async #run(batch: TaskBatch<UpsertPayload>): Promise<void> {
    const connection = await connectionOf(this.#connections, batch);
    const results = new Map(batch.tasks.map((task): [UpsertTask, PartResults] => [task, {}]));
    await this.#send(connection, batch.signal, results, 'contact', ({ payload }) => contactOf(payload.record));
    await this.#send(connection, batch.signal, results, 'deal', ({ payload }, { contact }) => dealOf(payload.record, contact));
    for (const [task, parts] of results) await this.#end(batch, task, parts);
  }

  async #send(
    connection: Connection, signal: AbortSignal, results: ReadonlyMap<UpsertTask, PartResults>,
    part: UpsertObject, recordOf: (task: UpsertTask, parts: PartResults) => UpsertRecord | undefined,
  ): Promise<void> {
    const sent = [...results].flatMap(([task, parts]) => {
      const record = recordOf(task, parts);
      return record ? [{ parts, record }] : [];
    });
    if (sent.length === 0) return;
    const answers = await this.#connector.upsert(connection, sent.map(({ record }) => record), signal);
    await this.#observe(connection, answers);
    for (const [index, { parts }] of sent.entries()) parts[part] = answers[index] ?? new Failure('outcome_unknown', 'The record got no result.');
  }

  /** A record that was refused says nothing about the connection; refused credentials or permissions do, and so does success. */
  async #observe(connection: Connection, results: readonly UpsertResult[]): Promise<void> {
    const telling = results.find((result) => result instanceof Failure && (result.kind === 'unauthorised' || result.kind === 'forbidden'));
    if (telling) await this.#health.observe(connection, telling);
    else if (results.some((result) => !(result instanceof Failure))) await this.#health.observe(connection);
  }

  /**
   * Where the CRM took one of deal and contact and refused the other, the other goes on as a task of its own: there it can be
   * mended without holding back what was taken. Everything else is tried again whole; what was done is found again then.
   */
  async #end(batch: TaskBatch<UpsertPayload>, task: UpsertTask, parts: PartResults): Promise<void> {
    const { payload } = task;
    const failure = failureOfAll(parts);
    if (failure) return batch.fail(task, failure);
    await batch.settle(task, async (manager) => {
      await this.#say(manager, payload, takenParts(parts));
      for (const record of refusedParts(payload.record, parts)) await this.enqueue(manager, { ...payload, record });
    });
  }

  /** The id follows from request and outcomes: a request that is refused, mended and replayed is told of again. */
  async #say(manager: EntityManager, { requestId, connectionId }: UpsertPayload, { contact, deal }: PartResults): Promise<void> {
    const [ofContact, ofDeal] = [contact && outcomeOf(contact), deal && outcomeOf(deal)];
    const answer = ofDeal ? { object: 'deal' as const, result: ofDeal, ...(ofContact && { contact: ofContact }) }
      : ofContact && { object: 'contact' as const, result: ofContact };
    if (!answer) return;
    await this.#publisher.publish(manager, crmUpsertCompleted, {
      id: deterministicId('crm.upsert.completed', requestId, `contact ${ofContact?.outcome}`, `deal ${ofDeal?.outcome}`),
      subject: `crm-upsert/${requestId}`,
      data: { requestId, connectionId, vendor: this.#connector.vendor, ...answer },
    });
  }
}

function outcomeOf(result: UpsertResult): UpsertOutcome {
  return result instanceof Failure
    ? { outcome: 'refused', kind: result.kind, message: result.message }
    : { outcome: result.outcome, crmId: result.crmId, created: result.created };
}

/** Work on one record runs in order. The key shows up in lists and logs, so that it does not hold the e-mail itself. */
function recordKeyOf(connectionId: string, record: RequestedRecord): string {
  const contact = contactOf(record);
  if (contact) return `${connectionId}/contact/${deterministicId(connectionId, contact.fields.email.toLowerCase())}`;
  const deal = dealOf(record, undefined);
  return `${connectionId}/deal-key/${deal?.externalKey}`;
}
