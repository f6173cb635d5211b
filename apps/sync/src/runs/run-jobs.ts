import { JobSources, type JobFilter, type JobSource, type ShownJob } from '@crossdock/task-queue';
import { tenantContext } from '@crossdock/tenancy';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { findSync } from '../syncs/sync.repository.ts';
import { recordErrorsOf } from '../trouble/record-errors-path.ts';
import { findRun, listTenantRuns, runKindSchema, runStateSchema, type SyncRun } from './run.repository.ts';
import { SyncRuns } from './sync-runs.ts';

const prefix = 'sync.';

/** Complete readings of accounts among the tenant's jobs: the CRM services do the work, and a run keeps what came of it. */
@Injectable()
export class RunJobs implements JobSource, OnModuleInit {
  constructor(private readonly sources: JobSources, private readonly runs: SyncRuns) {}

  onModuleInit(): void {
    this.sources.register(this);
  }

  async list(manager: EntityManager, { kind, state, before, limit = 50 }: JobFilter): Promise<ShownJob[]> {
    const runKind = runKindSchema.safeParse(kind?.slice(prefix.length));
    const runState = runStateSchema.safeParse(state);
    const isOfRuns = (kind === undefined || (kind.startsWith(prefix) && runKind.success)) && (state === undefined || runState.success);
    if (!isOfRuns) return [];
    const runs = await listTenantRuns(manager, { kind: runKind.data, state: runState.data, before, limit });
    return runs.map((run) => shown(run, Date.now()));
  }

  async get(manager: EntityManager, id: string): Promise<ShownJob | undefined> {
    const run = await findRun(manager, id);
    return run && shown(run, Date.now());
  }

  async cancel(manager: EntityManager, id: string): Promise<'cancelled' | undefined> {
    const run = await findRun(manager, id);
    const sync = run?.state === 'running' ? await findSync(manager, run.syncId) : undefined;
    if (!sync) return undefined;
    await this.runs.cancel(manager, sync);
    return 'cancelled';
  }

  /** A reading that ended is not taken up again: another one begins in its place. */
  async resume(manager: EntityManager, id: string): Promise<string | undefined> {
    const run = await findRun(manager, id);
    const sync = run?.state === 'failed' || run?.state === 'cancelled' ? await findSync(manager, run.syncId) : undefined;
    return run && sync && (await this.runs.start(manager, sync, run.kind))?.id;
  }
}

function shown({ id, syncId, kind, state, message, startedAt, endedAt, scans }: SyncRun, nowMs: number): ShownJob {
  const done = scans.reduce((sum, { compared }) => sum + compared, 0);
  const total = scans.every(({ told }) => told !== undefined) ? scans.reduce((sum, { told = 0 }) => sum + told, 0) : undefined;
  const seconds = (nowMs - startedAt.getTime()) / 1_000;
  const ratePerSecond = state === 'running' && done > 0 && seconds > 0 ? done / seconds : undefined;
  return {
    id, tenantId: tenantContext.require().tenantId, kind: prefix + kind, state, input: { syncId },
    total, done, failed: 0, step: state === 'running' ? (total === undefined ? 'reading' : 'comparing') : undefined,
    ratePerSecond, secondsLeft: total !== undefined && ratePerSecond ? Math.max(0, total - done) / ratePerSecond : undefined,
    isCancelRequested: false,
    error: state === 'failed' ? { kind: 'unexpected', message: message ?? 'The accounts could not be read to the end.' } : undefined,
    createdAt: startedAt, startedAt, updatedAt: endedAt ?? new Date(nowMs), endedAt,
    acts: state === 'running' ? ['cancel'] : state === 'succeeded' ? [] : ['resume'],
    recordErrors: recordErrorsOf(syncId),
  };
}
