import { Answers, Failure } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import type { Job } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { findSetUp } from './account-set-up.repository.ts';
import { SetUpJob } from './set-up.job.ts';
import { setUpViewSchema, viewSetUp, type SetUpView } from './set-up.view.ts';

/** How far a tenant's CRM accounts are prepared, and what they allow. */
@Controller('v1/connections/:id/set-up')
export class SetUpController {
  constructor(private readonly database: TenantDatabase, private readonly setUps: SetUpJob) {}

  @RequireScope('connections:read')
  @Get()
  @Answers(setUpViewSchema)
  read(@Param('id', ParseUUIDPipe) connectionId: string): Promise<SetUpView> {
    return this.#inTenant(async (manager) => this.#view(manager, connectionId, await this.setUps.latest(manager, connectionId)));
  }

  /** Goes through all steps once more, such as after somebody gave the hub a permission. One that is under way is not doubled. */
  @RequireScope('connections:write')
  @Post()
  @HttpCode(202)
  @Answers(setUpViewSchema)
  begin(@Param('id', ParseUUIDPipe) connectionId: string): Promise<SetUpView> {
    return this.#inTenant(async (manager) => {
      if (await findSetUp(manager, connectionId) === undefined) throw unknown(connectionId);
      return this.#view(manager, connectionId, await this.setUps.begin(manager, connectionId));
    });
  }

  async #view(manager: EntityManager, connectionId: string, job: Job | undefined): Promise<SetUpView> {
    const setUp = await findSetUp(manager, connectionId);
    if (setUp === undefined || job === undefined) throw unknown(connectionId);
    return viewSetUp(setUp, job);
  }

  #inTenant(work: (manager: EntityManager) => Promise<SetUpView>): Promise<SetUpView> {
    return this.database.transaction(tenantContext.require().tenantId, work);
  }
}

function unknown(connectionId: string): Failure {
  return new Failure('not_found', `No set-up of connection ${connectionId} is known.`);
}
