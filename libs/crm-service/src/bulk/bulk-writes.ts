import type { RecordConnector } from '@crossdock/crm-connector';
import { FeatureFlags } from '@crossdock/feature-flags';
import { TaskQueue, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CRM_CONNECTOR } from '../connector-task.ts';
import type { PlannedWrite } from '../records/planned-write.ts';
import { writeTask, type WritePayload, type WriteTask } from '../records/write-task.ts';
import type { JobRecord } from './job-record.ts';
import { addRecords, createJob, findGathering, findRecords, keepOutcomes, lockGathering, removeRecord, type JobScope } from './write-job.repository.ts';
import { WriteJobTasks } from './write-job.tasks.ts';

/** A write whose task waits for its job looks after so long by itself; the job's end wakes it. */
const restMs = 5 * 60_000;

/**
 * Puts writes into the vendor's jobs where very many of them wait. Their tasks stay in the queue, where younger work on their
 * records waits behind them, and end with what the job says of them.
 */
@Injectable()
export class BulkWrites {
  constructor(
    private readonly queue: TaskQueue,
    private readonly database: TenantDatabase,
    private readonly jobs: WriteJobTasks,
    private readonly flags: FeatureFlags,
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
  ) {}

  /** What jobs say of these tasks; those whose job is under way go on resting, and are no more to be looked at. */
  async recall(batch: TaskBatch<WritePayload>, tasks: readonly WriteTask[]): Promise<{ readonly free: WriteTask[]; readonly records: Map<WriteTask, JobRecord> }> {
    if (!this.connector.bulk) return { free: [...tasks], records: new Map() };
    const found = await this.database.transaction(batch.tenantId, (manager) => findRecords(manager, tasks.map(({ id }) => id)));
    const waiting = tasks.filter(({ id }) => found.has(id) && found.get(id)?.outcome === undefined);
    if (waiting.length > 0) await batch.rest(waiting, restMs, async () => {});
    return {
      free: tasks.filter(({ id }) => !found.has(id)),
      records: new Map(tasks.flatMap((task): Array<[WriteTask, JobRecord]> => {
        const record = found.get(task.id);
        return record?.outcome === undefined ? [] : [[task, record]];
      })),
    };
  }

  /**
   * Puts these writes into a job, if one gathers records already, or so many of their kind are ready or under way that it is worth one.
   * @param isFull more may be ready, since the batch is as large as it may be
   * @returns whether they were put there: then nothing more is to be done about their tasks.
   */
  async gather(batch: TaskBatch<WritePayload>, scope: JobScope, writes: ReadonlyArray<{ readonly task: WriteTask; readonly plan: PlannedWrite }>, isFull: boolean): Promise<boolean> {
    const { bulk } = this.connector;
    if (!bulk || writes.length === 0 || !await this.flags.isOn('crm-bulk-writes', batch.tenantId)) return false;
    const isWorthIt = await this.database.transaction(batch.tenantId, async (manager) => {
      if (await findGathering(manager, scope, bulk.most)) return true;
      if (!isFull) return false;
      return await this.queue.countOpen(manager, writeTask, { groupKey: scope.connectionId, like: { object: scope.object } }, bulk.from) >= bulk.from;
    });
    if (!isWorthIt) return false;
    await batch.rest(writes.map(({ task }) => task), restMs, async (manager) => {
      await lockGathering(manager, scope);
      const gathering = await findGathering(manager, scope, bulk.most);
      const jobId = gathering?.id ?? await createJob(manager, scope);
      if (!gathering) await this.jobs.enqueue(manager, { connectionId: scope.connectionId, jobId });
      await addRecords(manager, jobId, writes.map(({ task, plan }) => ({ taskId: task.id, plan })));
    });
    return true;
  }

  /** These writes are tried again, each by itself. */
  async tryAlone(batch: TaskBatch<WritePayload>, tasks: readonly WriteTask[]): Promise<void> {
    if (tasks.length > 0) await this.database.transaction(batch.tenantId, (manager) => keepOutcomes(manager, new Map(tasks.map(({ id }) => [id, 'not_taken'] as const))));
  }

  /** A task ends, with what its job said of it. */
  async forget(manager: EntityManager, { id }: Pick<WriteTask, 'id'>): Promise<void> {
    if (this.connector.bulk) await removeRecord(manager, id);
  }
}
