import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LastingCallers } from '../callers/lasting-callers.ts';
import { Answers, AnswersIn } from '@crossdock/contracts';
import { jobListSchema, jobNews, jobPageSchema, jobPathSchema, jobSchema, TenantJobs, type Job, type JobPage } from './jobs.ts';
import { StateStreams } from './state-streams.ts';

/** A tenant's long work in all services: set-ups of accounts, complete readings, comparisons. */
@RequireScope('jobs:read')
@Controller('v1/jobs')
export class JobsController {
  constructor(private readonly jobs: TenantJobs, private readonly streams: StateStreams, private readonly callers: LastingCallers) {}

  /** Of all services, newest first. What a service that does not answer holds is missing, and `unavailable` names it. */
  @Get()
  @Answers(jobPageSchema)
  async list(@Query() query: unknown): Promise<JobPage> {
    jobListSchema.parse(query);
    return this.jobs.list(query);
  }

  /** A job: how far it is, and how it ended. */
  @Get(':service/:id')
  @Answers(jobSchema)
  async read(@Param() path: unknown): Promise<Job> {
    return this.jobs.read(jobPathSchema.parse(path));
  }

  /** Server-sent events: the job as it is now, again whenever it has moved on, and at last as it ended. */
  @Get(':service/:id/events')
  @AnswersIn('text/event-stream', jobSchema)
  async watch(@Param() path: unknown, @Headers('last-event-id') lastEventId: string | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const scope = tenantContext.require();
    const named = jobPathSchema.parse(path);
    await this.streams.tell(reply, {
      look: () => tenantContext.run(scope, () => this.jobs.read(named)), newsOf: jobNews, hasEnded: ({ endedAt }) => endedAt !== undefined, mayGoOn: () => this.callers.mayGoOn(request, 'jobs:read'), lastEventId,
    });
  }

  /** Asks it to end: what it has done by then stays. 409 where it has ended already. */
  @RequireScope('jobs:write')
  @Post(':service/:id/cancel')
  @HttpCode(202)
  @Answers(jobSchema)
  async cancel(@Param() path: unknown): Promise<Job> {
    return this.jobs.cancel(jobPathSchema.parse(path));
  }

  /** Lets a failed or cancelled one go on; the answer may be another job, which goes on in its place. */
  @RequireScope('jobs:write')
  @Post(':service/:id/resume')
  @HttpCode(202)
  @Answers(jobSchema)
  async resume(@Param() path: unknown): Promise<Job> {
    return this.jobs.resume(jobPathSchema.parse(path));
  }
}
