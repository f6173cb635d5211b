import { ConnectionHealth, ConnectionStore } from '@crossdock/connections';
import type { BulkOutcome, RecordConnector } from '@crossdock/crm-connector';
import { Failure } from '@crossdock/contracts';
import { defineTaskKind, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from '../connector-task.ts';
import { AccountMappings } from '../records/account-mappings.ts';
import { writeTask } from '../records/write-task.ts';
import { closeJob, endJob, keepProgress, listRecords, lockJob, type WriteJob } from './write-job.repository.ts';

const jobTask = defineTaskKind({ kind: 'crm.write-job', schema: z.object({ connectionId: z.uuid(), jobId: z.uuid() }), timeoutMs: 5 * 60_000, maxAttempts: 10 });
type JobPayload = z.infer<typeof jobTask.schema>;

/** Between two looks at a job. */
const lookAgainMs = 1_000;
/** A job begins when nothing was put into it for so long, */
const quietMs = 2_000;
/** or after so long, however much comes. */
const longestGatheringMs = 60_000;

/** Has the vendor write what a job has gathered, once, and gives each record's task what became of it. */
@Injectable()
export class WriteJobTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly health: ConnectionHealth,
    private readonly mappings: AccountMappings,
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
  ) {}

  onModuleInit(): void {
    this.registry.register(jobTask, (batch) => this.#run(batch), {
      isLong: true,
      // What no job can do is written without one.
      onDead: async (manager, { payload: { jobId } }) => this.#end(manager, jobId, new Map((await listRecords(manager, jobId)).map(({ taskId }) => [taskId, 'not_taken']))),
    });
  }

  async enqueue(manager: EntityManager, payload: JobPayload): Promise<void> {
    const { connectionId, jobId } = payload;
    await this.queue.enqueue(manager, jobTask, {
      recordKey: `${connectionId}/write-job/${jobId}`, groupKey: connectionId, payload, notBefore: new Date(Date.now() + lookAgainMs),
    });
  }

  async #run(batch: TaskBatch<JobPayload>): Promise<void> {
    for (const task of batch.tasks) {
      const job = await this.database.transaction(batch.tenantId, (manager) => this.#begin(manager, task.payload));
      if (!job) await batch.settle(task);
      else if (job.isGathering || !await this.#write(batch, task, job)) await batch.settle(task, (manager) => this.enqueue(manager, task.payload));
    }
  }

  /** A job begins when it is full, or nothing more comes. */
  async #begin(manager: EntityManager, { jobId }: JobPayload): Promise<WriteJob | undefined> {
    const job = await lockJob(manager, jobId);
    if (!job?.isGathering) return job;
    if (job.records < (this.connector.bulk?.most ?? 0) && job.quietMs < quietMs && job.ageMs < longestGatheringMs) return job;
    await closeJob(manager, jobId);
    return { ...job, isGathering: false };
  }

  /** @returns whether the job's records have their outcomes. */
  async #write(batch: TaskBatch<JobPayload>, task: Task<JobPayload>, { id, object, kept }: WriteJob): Promise<boolean> {
    const { bulk } = this.connector;
    const connection = await connectionOf(this.connections, batch);
    const records = await this.database.transaction(batch.tenantId, (manager) => listRecords(manager, id));
    const { description } = await this.mappings.of(connection, object, batch.signal);
    const outcomes = await this.health.watch(connection, async () => bulk?.write(connection, description, records.map(({ plan }) => plan.write), {
      ...(kept !== null && { kept }),
      keep: async (text) => {
        if (!await this.database.transaction(batch.tenantId, (manager) => keepProgress(manager, id, text))) throw new Failure('conflict', `Another worker goes on with write job ${id}.`);
      },
    }, batch.signal));
    if (!outcomes) return false;
    const byTask = new Map(records.map(({ taskId }, index): [string, BulkOutcome] => [taskId, outcomes[index] ?? 'not_taken']));
    await batch.settle(task, (manager) => this.#end(manager, id, byTask));
    return true;
  }

  async #end(manager: EntityManager, jobId: string, outcomes: ReadonlyMap<string, BulkOutcome>): Promise<void> {
    await endJob(manager, jobId, outcomes);
    await this.queue.hasten(manager, writeTask, [...outcomes.keys()]);
  }
}
