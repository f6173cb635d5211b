import { tenantContext } from '@crossdock/tenancy';
import { TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { DueRequests } from '../records/due-requests.ts';
import { findSync, setSyncState } from '../syncs/sync.repository.ts';
import { endRun, findRunOfScan, setScan, type SyncRun } from './run.repository.ts';
import { SettleAll } from './settle-all.job.ts';
import { compareScanTask, SyncRuns } from './sync-runs.ts';

type Looking = z.infer<typeof compareScanTask.schema>;

const lookEveryMs = 250;
/** Nothing of what was told arrived for so long: it lies in the dead letters, or its consumer rests. */
const patienceMs = 10 * 60_000;
const lookUpBatch = 100;

/** Compares what a complete reading told with what is known: a record that it did not tell is looked up, and only that look-up says that it is gone. */
@Injectable()
export class ScanComparison implements OnModuleInit {
  constructor(
    private readonly registry: TaskRegistry,
    private readonly runs: SyncRuns,
    private readonly requests: DueRequests,
    private readonly settleAll: SettleAll,
  ) {}

  onModuleInit(): void {
    this.registry.register(compareScanTask, (batch) => this.#run(batch));
  }

  async #run(batch: TaskBatch<Looking>): Promise<void> {
    for (const task of batch.tasks) await batch.settle(task, (manager) => this.#look(manager, task.payload, Date.now()));
  }

  async #look(manager: EntityManager, { scanId, compared: before, since }: Looking, nowMs: number): Promise<void> {
    const run = await findRunOfScan(manager, scanId);
    const scan = run?.scans.find((each) => each.scanId === scanId);
    if (!run || !scan || scan.state !== 'read') return;
    const { compared, told = 0 } = scan;
    if (compared >= told) {
      await this.#finish(manager, run, scan);
      return;
    }
    const hasMoved = compared > before;
    if (!hasMoved && nowMs - Date.parse(since) > patienceMs) {
      await endRun(manager, run.id, 'failed', `Of ${told} records that connection ${scan.connectionId} told, ${told - compared} never arrived: look into the dead letters of sync.`);
      return;
    }
    await this.runs.compareLater(manager, { scanId, compared, since: hasMoved ? new Date(nowMs).toISOString() : since }, new Date(nowMs + lookEveryMs));
  }

  async #finish(manager: EntityManager, run: SyncRun, { scanId, connectionId }: SyncRun['scans'][number]): Promise<void> {
    const sync = await findSync(manager, run.syncId);
    const side = sync?.rules.sides.find((each) => each.connectionId === connectionId);
    if (!sync || !side) return;
    const missing = await findUntold(manager, run, connectionId, scanId);
    for (let start = 0; start < missing.length; start += lookUpBatch) {
      await this.requests.requestLook(manager, side, sync.rules.object, missing.slice(start, start + lookUpBatch));
    }
    await setScan(manager, scanId, { state: 'compared', missing: missing.length });
    if (run.scans.some((each) => each.scanId !== scanId && each.state !== 'compared')) return;
    await endRun(manager, run.id, 'succeeded');
    if (sync.state === 'loading') await setSyncState(manager, sync.id, 'active');
    await this.settleAll.start(manager, sync.id);
  }
}

/** Records that were linked before the run began and that its reading of the account did not tell. */
async function findUntold(manager: EntityManager, run: SyncRun, connectionId: string, scanId: string): Promise<string[]> {
  const rows = await manager.query<Array<{ external_id: string }>>(
    `SELECT external_id FROM record_link JOIN golden_record USING (golden_id)
     WHERE record_link.tenant_id = $1 AND connection_id = $2 AND sync_id = $3 AND record_link.state = 'linked' AND external_id IS NOT NULL
       AND scan_id IS DISTINCT FROM $4 AND linked_at < $5`,
    [tenantContext.require().tenantId, connectionId, run.syncId, scanId, run.startedAt]);
  return rows.map(({ external_id: externalId }) => externalId);
}
