import { ConnectionStore } from '@crossdock/connections';
import { defineJobKind, Jobs, TaskQueue, type Job, type RunningJob } from '@crossdock/task-queue';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf } from '../connector-task.ts';
import { AccountPreparation, preparationSteps } from './account-preparation.ts';
import { findSetUp, keepJob } from './account-set-up.repository.ts';

const setUpJob = defineJobKind({
  kind: 'crm.set-up',
  input: z.object({ connectionId: z.uuid() }),
  checkpoint: z.object({ done: z.array(z.enum(preparationSteps)) }),
  /** The slowest step makes a few calls, each with a time limit of its own. */
  stallMs: 3 * 60_000,
});
type SetUpRun = RunningJob<z.infer<typeof setUpJob.input>, z.infer<typeof setUpJob.checkpoint>>;

/** Prepares a CRM account after it was connected, in the background: a process that dies leaves the steps that are left to the next. */
@Injectable()
export class SetUpJob implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly queue: TaskQueue,
    private readonly connections: ConnectionStore,
    private readonly preparation: AccountPreparation,
  ) {}

  onModuleInit(): void {
    this.jobs.register(setUpJob, (job) => this.#run(job));
  }

  /** Begins, in the caller's tenant transaction, unless it is under way; work that rested because the connection was broken goes on. */
  async begin(manager: EntityManager, connectionId: string): Promise<Job | undefined> {
    await this.queue.resumeParked(manager, connectionId);
    const latest = await this.latest(manager, connectionId);
    if (latest !== undefined && latest.endedAt === undefined) return latest;
    const jobId = await this.jobs.start(manager, setUpJob, { input: { connectionId }, groupKey: connectionId, total: preparationSteps.length });
    await keepJob(manager, tenantContext.require().tenantId, connectionId, jobId);
    return this.jobs.get(manager, jobId);
  }

  /** The last one, in the caller's tenant transaction. */
  async latest(manager: EntityManager, connectionId: string): Promise<Job | undefined> {
    const setUp = await findSetUp(manager, connectionId);
    return setUp && this.jobs.get(manager, setUp.jobId);
  }

  async #run(job: SetUpRun): Promise<void> {
    const connection = await connectionOf(this.connections, { tenantId: job.tenantId, groupKey: job.input.connectionId });
    const done = [...job.checkpoint?.done ?? []];
    for (const step of preparationSteps.filter((each) => !done.includes(each))) {
      await job.progress({ step, done: done.length });
      const keep = await this.preparation.run(step, connection, job.signal);
      done.push(step);
      await job.saveCheckpoint({ done }, keep);
    }
    await job.progress({ done: done.length });
  }
}
