import { defineJobKind, Jobs, type RunningJob } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { recordErrorsOf } from '../trouble/record-errors-path.ts';
import { RecordSync } from '../records/record-sync.ts';
import { lockFree } from '../records/synced-record.repository.ts';
import { WaitingRecords } from '../records/waiting-records.ts';

const settleAllJob = defineJobKind({
  kind: 'sync.settle-all',
  input: z.object({ syncId: z.uuid() }),
  checkpoint: z.object({ after: z.uuid(), done: z.int() }),
});
type SettleAllRun = RunningJob<z.infer<typeof settleAllJob.input>, z.infer<typeof settleAllJob.checkpoint>>;

const pageSize = 100;
const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Goes through all golden records of a sync and brings the accounts up to them: after the first reading, a reconciliation or a pause. */
@Injectable()
export class SettleAll implements OnModuleInit {
  constructor(private readonly jobs: Jobs, private readonly database: TenantDatabase, private readonly records: RecordSync, private readonly waiting: WaitingRecords) {}

  onModuleInit(): void {
    this.jobs.register(settleAllJob, (job) => this.#run(job), { recordErrors: ({ syncId }) => recordErrorsOf(syncId) });
  }

  async start(manager: EntityManager, syncId: string): Promise<void> {
    await this.jobs.start(manager, settleAllJob, { input: { syncId } });
  }

  async #run(job: SettleAllRun): Promise<void> {
    let { after, done } = job.checkpoint ?? { after: beforeAll, done: 0 };
    for (;;) {
      const page = await this.database.transaction(job.tenantId, (manager) => pageAfter(manager, job.input.syncId, after));
      const last = page.at(-1);
      if (last === undefined) break;
      done += page.length;
      after = last;
      await job.saveCheckpoint({ after, done }, async (manager) => {
        // Whoever changes one just now may wait for another of these: nobody is waited for here, and those come later, each by itself.
        const free = await lockFree(manager, page);
        for (const goldenId of page) if (free.has(goldenId)) await this.records.settle(manager, goldenId);
        await this.waiting.settle(manager, page.filter((goldenId) => !free.has(goldenId)));
      });
      await job.progress({ done });
    }
  }
}

async function pageAfter(manager: EntityManager, syncId: string, after: string): Promise<string[]> {
  const rows = await manager.query<Array<{ golden_id: string }>>(
    `SELECT golden_id FROM golden_record WHERE sync_id = $1 AND golden_id > $2 AND state = 'live' ORDER BY golden_id LIMIT ${pageSize}`, [syncId, after]);
  return rows.map(({ golden_id: id }) => id);
}
