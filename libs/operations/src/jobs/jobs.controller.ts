import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { Answers, Failure, pageSchema as pageOfSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { JobSources } from '@crossdock/task-queue';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { jobViewSchema, viewJob, type JobView } from './job-view.ts';

const pageSchema = z.strictObject({
  kind: z.string().max(100).optional(),
  state: z.enum(['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** The id of the last job of the page before. */
  cursor: z.uuid().optional(),
});

/** A tenant's long work in this service: how far it is, and what its people do about it. The gateway shows that of all services together. */
@RequireScope('jobs:read')
@Controller('v1/own-jobs')
export class JobsController {
  readonly #database: TenantDatabase;
  readonly #jobs: JobSources;

  constructor(database: TenantDatabase, jobs: JobSources) {
    this.#database = database;
    this.#jobs = jobs;
  }

  /** Newest first. */
  @Get()
  @Answers(pageOfSchema(jobViewSchema))
  async list(@Query() query: unknown): Promise<{ items: JobView[]; nextCursor?: string }> {
    const { cursor: before, limit, ...filter } = pageSchema.parse(query);
    const jobs = await this.#inTenant((manager) => this.#jobs.list(manager, { ...filter, before, limit }));
    const last = jobs.at(-1);
    return { items: jobs.map(viewJob), ...(jobs.length === limit && last && { nextCursor: last.id }) };
  }

  @Get(':id')
  @Answers(jobViewSchema)
  read(@Param('id', ParseUUIDPipe) id: string): Promise<JobView> {
    return this.#inTenant((manager) => this.#view(manager, id));
  }

  /** Asks it to end; what it has done by then stays. 409 where it has ended. */
  @RequireScope('jobs:write')
  @Post(':id/cancel')
  @HttpCode(202)
  @Answers(jobViewSchema)
  cancel(@Param('id', ParseUUIDPipe) id: string): Promise<JobView> {
    return this.#inTenant(async (manager) => {
      const { state } = await this.#view(manager, id);
      if (await this.#jobs.cancel(manager, id) === undefined) throw new Failure('conflict', `Job ${id} has ended: it is ${state}.`);
      return this.#view(manager, id);
    });
  }

  /** Lets a failed or cancelled one go on. 409 where it is neither, or is not taken up again. @returns the job that goes on. */
  @RequireScope('jobs:write')
  @Post(':id/resume')
  @HttpCode(202)
  @Answers(jobViewSchema)
  resume(@Param('id', ParseUUIDPipe) id: string): Promise<JobView> {
    return this.#inTenant(async (manager) => {
      const { state, kind } = await this.#view(manager, id);
      const goesOn = await this.#jobs.resume(manager, id);
      if (goesOn === undefined) throw new Failure('conflict', `Job ${id} (${kind}) is ${state}, and cannot be resumed: see its acts.`);
      return this.#view(manager, goesOn);
    });
  }

  async #view(manager: EntityManager, id: string): Promise<JobView> {
    const job = await this.#jobs.get(manager, id);
    if (!job) throw new Failure('not_found', `The tenant has no job ${id} here.`);
    return viewJob(job);
  }

  #inTenant<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(tenantContext.require().tenantId, work);
  }
}
