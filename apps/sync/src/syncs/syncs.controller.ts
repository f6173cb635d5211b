import { Answers, Failure, pageSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { findRun, listRuns } from '../runs/run.repository.ts';
import { SyncRuns } from '../runs/sync-runs.ts';
import { listSyncs } from './sync.repository.ts';
import { runViewSchema, syncViewSchema, viewRun, viewSync, type RunView, type SyncView } from './sync.view.ts';
import { newSyncSchema, Syncs } from './syncs.ts';

const runsShown = 50;

/** Which records are kept in step between which of the tenant's accounts. */
@Controller('v1/syncs')
@RequireScope('syncs:read')
export class SyncsController {
  constructor(private readonly database: TenantDatabase, private readonly syncs: Syncs, private readonly runs: SyncRuns) {}

  @Get()
  @Answers(pageSchema(syncViewSchema))
  async list(): Promise<{ items: SyncView[] }> {
    return { items: (await this.#inTenant(listSyncs)).map(viewSync) };
  }

  @RequireScope('syncs:write')
  @Post()
  @Answers(syncViewSchema)
  async create(@Body() body: unknown): Promise<SyncView> {
    const wanted = newSyncSchema.parse(body);
    return viewSync(await this.#inTenant((manager) => this.syncs.create(manager, wanted)));
  }

  @Get(':id')
  @Answers(syncViewSchema)
  async read(@Param('id', ParseUUIDPipe) id: string): Promise<SyncView> {
    return viewSync(await this.#inTenant((manager) => this.syncs.find(manager, id)));
  }

  @RequireScope('syncs:write')
  @Delete(':id')
  @HttpCode(204)
  async delete(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.#inTenant((manager) => this.syncs.delete(manager, id));
  }

  @RequireScope('syncs:write')
  @Post(':id/pause')
  @HttpCode(200)
  @Answers(syncViewSchema)
  async pause(@Param('id', ParseUUIDPipe) id: string): Promise<SyncView> {
    return viewSync(await this.#inTenant((manager) => this.syncs.pause(manager, id)));
  }

  @RequireScope('syncs:write')
  @Post(':id/resume')
  @HttpCode(200)
  @Answers(syncViewSchema)
  async resume(@Param('id', ParseUUIDPipe) id: string): Promise<SyncView> {
    return viewSync(await this.#inTenant((manager) => this.syncs.resume(manager, id)));
  }

  /** Forgets what was known of the accounts' records and reads them anew. */
  @RequireScope('syncs:write')
  @Post(':id/reset')
  @HttpCode(202)
  @Answers(syncViewSchema)
  async reset(@Param('id', ParseUUIDPipe) id: string): Promise<SyncView> {
    return viewSync(await this.#inTenant((manager) => this.syncs.reset(manager, id)));
  }

  /** Newest first. */
  @Get(':id/runs')
  @Answers(z.object({ items: z.array(runViewSchema) }))
  async listRuns(@Param('id', ParseUUIDPipe) id: string): Promise<{ items: RunView[] }> {
    const runs = await this.#inTenant(async (manager) => listRuns(manager, (await this.syncs.find(manager, id)).id, runsShown));
    return { items: runs.map(viewRun) };
  }

  /** Reads all accounts completely and compares them; what differs is mended by the rules of the sync. */
  @RequireScope('syncs:write')
  @Post(':id/runs')
  @HttpCode(202)
  @Answers(runViewSchema)
  async startRun(@Param('id', ParseUUIDPipe) id: string): Promise<RunView> {
    const run = await this.#inTenant(async (manager) => this.runs.start(manager, await this.syncs.find(manager, id), 'reconciliation'));
    if (!run) throw new Failure('conflict', `The accounts of sync ${id} are being read already: wait for that run, or cancel it.`);
    return viewRun(run);
  }

  @Get(':id/runs/:runId')
  @Answers(runViewSchema)
  async readRun(@Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string): Promise<RunView> {
    const run = await this.#inTenant((manager) => findRun(manager, runId));
    if (run?.syncId !== id) throw new Failure('not_found', `Sync ${id} has no run ${runId}.`);
    return viewRun(run);
  }

  /** The accounts are read no further, and what was read is not compared; what was taken over by then stays. */
  @RequireScope('syncs:write')
  @Post(':id/runs/:runId/cancel')
  @HttpCode(200)
  @Answers(runViewSchema)
  async cancelRun(@Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string): Promise<RunView> {
    const run = await this.#inTenant(async (manager) => {
      const found = await findRun(manager, runId);
      if (found?.syncId !== id) return undefined;
      if (found.state === 'running') await this.runs.cancel(manager, await this.syncs.find(manager, id));
      return findRun(manager, runId);
    });
    if (!run) throw new Failure('not_found', `Sync ${id} has no run ${runId}.`);
    return viewRun(run);
  }

  #inTenant<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction(tenantContext.require().tenantId, work);
  }
}
