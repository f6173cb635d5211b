import { ConnectionHealth, ConnectionStore, type Connection } from '@crossdock/connections';
import {
  deterministicId, Failure, writeCompleted, writeRequested,
  type CrmObject, type EventData, type WriteResult,
} from '@crossdock/contracts';
import type { RecordConnector, RecordWritten } from '@crossdock/crm-connector';
import { EventPublisher } from '@crossdock/event-bus';
import { dispositionOf, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BulkWrites } from '../bulk/bulk-writes.ts';
import type { JobRecord } from '../bulk/job-record.ts';
import { connectionOf, CRM_CONNECTOR } from '../connector-task.ts';
import { asDeletedMeanwhile } from '../deleted-meanwhile.ts';
import { AccountMappings } from './account-mappings.ts';
import { RecordFetchTasks } from './record-fetch.tasks.ts';
import { plannedWrite, type PlannedWrite } from './planned-write.ts';
import { writeTask, type WritePayload, type WriteTask } from './write-task.ts';

/** Where a record that is to be made is in another one's way, waiting seldom helps: the other one is told, and merged or changed, by then. */
const triesToMake = 5;

/** What became of a request, and what else there is to do about it. */
type Outcome = Exclude<WriteResult, { outcome: 'refused' }> | Failure;

/** Writes requested records to the CRM, archives those that are to be archived, and says what became of each. */
@Injectable()
export class RecordWriteTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly publisher: EventPublisher,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly mappings: AccountMappings,
    private readonly fetches: RecordFetchTasks,
    private readonly bulk: BulkWrites,
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
  ) {}

  onModuleInit(): void {
    this.registry.register({ ...writeTask, batchSize: this.#batchSize }, (batch) => this.#run(batch), {
      onDead: async (manager, task, failure) => {
        await this.#say(manager, task.payload, refusal(failure));
        await this.bulk.forget(manager, task);
      },
    });
  }

  get #batchSize(): number {
    return this.connector.writesAtOnce ?? writeTask.batchSize;
  }

  async enqueue(manager: EntityManager, request: EventData<typeof writeRequested>): Promise<void> {
    const { connectionId, recordKey } = request;
    await this.queue.enqueue(manager, writeTask, {
      recordKey: `${connectionId}/write/${recordKey}`, groupKey: connectionId, payload: writeTask.schema.parse(request),
    });
  }

  async #run(batch: TaskBatch<WritePayload>): Promise<void> {
    const connection = await connectionOf(this.connections, batch);
    for (const [object, tasks] of Map.groupBy(batch.tasks, ({ payload }) => payload.object)) {
      const { free, records } = await this.bulk.recall(batch, tasks);
      const alone = [...records].flatMap(([task, { outcome }]) => (outcome === 'not_taken' ? [task] : []));
      const outcomes = new Map([
        ...[...records].flatMap(([task, record]): Array<[WriteTask, Outcome]> => toOutcome(record, task)),
        ...await this.#write(batch, connection, object, { free, alone }), ...await this.#archive(connection, object, free, batch.signal),
      ]);
      await this.#observe(connection, [...outcomes.values()]);
      await this.#end(batch, [...outcomes].map(([task, outcome]) => ({ task, outcome: looked(task, outcome) })), records);
    }
  }

  /** A value that does not fit is refused with its record; the others are written, by the vendor's jobs where they are very many. */
  async #write(
    batch: TaskBatch<WritePayload>, connection: Connection, object: CrmObject, { free, alone }: { readonly free: readonly WriteTask[]; readonly alone: readonly WriteTask[] },
  ): Promise<Map<WriteTask, Outcome>> {
    const account = await this.mappings.of(connection, object, batch.signal);
    const planned = [...free, ...alone].flatMap((task): Array<readonly [WriteTask, PlannedWrite | Failure]> =>
      task.payload.action.kind === 'write' ? [[task, plannedWrite(task.payload.action, account)]] : []);
    const fitting = planned.flatMap(([task, plan]) => (plan instanceof Failure ? [] : [{ task, plan }]));
    const many = fitting.filter(({ task }) => !alone.includes(task));
    const isGathered = await this.bulk.gather(batch, { connectionId: connection.id, object }, many, batch.tasks.length >= this.#batchSize);
    const sent = isGathered ? fitting.filter(({ task }) => alone.includes(task)) : fitting;
    const results = sent.length === 0 ? [] : await this.connector.write(connection, account.description, sent.map(({ plan }) => plan.write), batch.signal);
    return new Map([
      ...planned.flatMap(([task, plan]): Array<[WriteTask, Outcome]> => (plan instanceof Failure ? [[task, plan]] : [])),
      ...sent.map(({ task, plan }, index): [WriteTask, Outcome] => {
        const result = results[index] ?? new Failure('outcome_unknown', 'The record got no result.');
        return [task, result instanceof Failure ? result : written(result, plan)];
      }),
    ]);
  }

  async #archive(connection: Connection, object: CrmObject, tasks: readonly WriteTask[], signal: AbortSignal): Promise<Map<WriteTask, Outcome>> {
    const sent = tasks.flatMap((task) => (task.payload.action.kind === 'archive' ? [{ task, externalId: task.payload.action.externalId }] : []));
    if (sent.length === 0) return new Map();
    const results = await this.connector.archive(connection, object, sent.map(({ externalId }) => externalId), signal);
    return new Map(sent.map(({ task }, index): [WriteTask, Outcome] => {
      const result = results[index] ?? new Failure('outcome_unknown', 'The record got no result.');
      return [task, result === 'archived' ? { outcome: 'archived' } : result];
    }));
  }

  /** A record that was refused says nothing about the connection; refused credentials or permissions do, and so does success. */
  async #observe(connection: Connection, outcomes: readonly Outcome[]): Promise<void> {
    const telling = outcomes.find((outcome) => outcome instanceof Failure && (outcome.kind === 'unauthorised' || outcome.kind === 'forbidden'));
    if (telling) await this.health.observe(connection, telling);
    else if (outcomes.some((outcome) => !(outcome instanceof Failure))) await this.health.observe(connection);
  }

  /** What trying again cannot help is an answer: whoever asked keeps it, and asks anew with what was mended. */
  async #end(
    batch: TaskBatch<WritePayload>, ends: ReadonlyArray<{ readonly task: WriteTask; readonly outcome: Outcome }>, records: ReadonlyMap<WriteTask, JobRecord>,
  ): Promise<void> {
    const isTriedAgain = (task: WriteTask, outcome: Outcome): outcome is Failure =>
      outcome instanceof Failure && dispositionOf(outcome.kind) !== 'dead_letter' && !isInTheWay(task, outcome);
    await this.bulk.tryAlone(batch, ends.flatMap(({ task, outcome }) => (records.has(task) && isTriedAgain(task, outcome) ? [task] : [])));
    const answers: Array<{ task: WriteTask; outcome: Outcome }> = [];
    for (const { task, outcome } of ends) {
      if (isTriedAgain(task, outcome)) await batch.fail(task, outcome);
      else answers.push({ task, outcome });
    }
    await batch.settleAll(answers.map(({ task, outcome }) => ({
      task,
      effect: async (manager) => {
        await this.#answer(manager, task.payload, outcome);
        if (records.has(task)) await this.bulk.forget(manager, task);
      },
    })));
  }

  async #answer(manager: EntityManager, payload: WritePayload, outcome: Outcome): Promise<void> {
    await this.#say(manager, payload, outcome instanceof Failure ? refusal(outcome) : outcome);
    const missing = outcome instanceof Failure && outcome.kind === 'not_found' ? targetIdOf(payload) : undefined;
    if (missing !== undefined) await this.fetches.enqueue(manager, payload.connectionId, { object: payload.object, externalId: missing, isWanted: true });
  }

  /** The id follows from request and outcome: a request that was refused and then tried again by hand is told of again. */
  async #say(manager: EntityManager, { requestId, connectionId, object, recordKey }: WritePayload, result: WriteResult): Promise<void> {
    await this.publisher.publish(manager, writeCompleted, {
      id: deterministicId('crm.write.completed', requestId, result.outcome),
      subject: `${object}/${recordKey}`,
      data: { vendor: this.connector.vendor, connectionId, object, requestId, recordKey, result },
    });
  }
}

/** What a job said of a write; nothing where it did not take it. */
function toOutcome({ outcome, plan }: JobRecord, task: WriteTask): Array<[WriteTask, Outcome]> {
  if (outcome === undefined || outcome === 'not_taken') return [];
  return [[task, outcome instanceof Failure ? outcome : written(outcome, plan)]];
}

/** The outcome; where a record that is meant by its key was deleted after the look at it, one that is tried again. */
function looked(task: WriteTask, outcome: Outcome): Outcome {
  return outcome instanceof Failure && isMeantByKey(task) ? asDeletedMeanwhile(outcome, task.attempt) : outcome;
}

function isMeantByKey({ payload: { action } }: WriteTask): boolean {
  return action.kind === 'write' && 'externalKey' in action.target;
}

/** Whether it was tried often enough to make a record that would double another one. */
function isInTheWay(task: WriteTask, { kind }: Failure): boolean {
  return kind === 'conflict' && isMeantByKey(task) && task.attempt >= triesToMake;
}

function written({ id: externalId, created, modifiedAt }: RecordWritten, { kept, keptAs }: PlannedWrite): Outcome {
  return { outcome: 'written', externalId, created, ...(modifiedAt !== undefined && { modifiedAt }), kept: [...kept], ...(Object.keys(keptAs).length > 0 && { keptAs }) };
}

function refusal({ kind, message, field }: Failure): WriteResult {
  return { outcome: 'refused', kind, message, ...(field !== undefined && { field }) };
}

/** The record that was meant by its id. */
function targetIdOf({ action }: WritePayload): string | undefined {
  if (action.kind === 'archive') return action.externalId;
  return 'externalId' in action.target ? action.target.externalId : undefined;
}
