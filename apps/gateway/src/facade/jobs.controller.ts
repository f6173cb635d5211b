import type { ServiceName } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient, isAway } from './internal-client.ts';
import { StateStreams } from './state-streams.ts';
import { workingServices } from './working-services.ts';

/** @public */
export const pathSchema = z.object({ service: z.enum(workingServices), id: z.uuid() });
/** @public */
export const limitSchema = z.looseObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });
const jobSchema = z.looseObject({
  id: z.uuid(), state: z.string(), done: z.number(), failed: z.number(), total: z.number().optional(), step: z.string().optional(), isCancelRequested: z.boolean(),
  endedAt: z.string().optional(),
});
const pageSchema = z.object({ items: z.array(jobSchema) });

type Job = z.infer<typeof jobSchema> & { readonly service: ServiceName };

/** A tenant's long work in all services: set-ups of accounts, complete readings, comparisons. */
@RequireScope('jobs:read')
@Controller('v1/jobs')
export class JobsController {
  constructor(private readonly internal: InternalClient, private readonly streams: StateStreams) {}

  /** Of all services, newest first. What a service that does not answer holds is missing, and `unavailable` names it. */
  @Get()
  async list(@Query() query: unknown): Promise<{ items: Job[]; nextCursor?: string; unavailable: ServiceName[] }> {
    const { limit } = limitSchema.parse(query);
    const unavailable: ServiceName[] = [];
    const found = await Promise.all(workingServices.map((service) => this.#listOf(service, forwardedQuery(query)).catch((thrown: unknown) => {
      if (!isAway(thrown)) throw thrown;
      unavailable.push(service);
      return [];
    })));
    const items = found.flat().sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit);
    const last = items.at(-1);
    return { items, unavailable, ...(items.length === limit && last && { nextCursor: last.id }) };
  }

  /** A job: how far it is, and how it ended. */
  @Get(':service/:id')
  async read(@Param() path: unknown): Promise<Job> {
    return this.#ask('GET', path);
  }

  /** Server-sent events: the job as it is now, again whenever it has moved on, and at last as it ended. */
  @Get(':service/:id/events')
  async watch(@Param() path: unknown, @Headers('last-event-id') lastEventId: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const scope = tenantContext.require();
    await this.streams.tell(reply, {
      look: () => tenantContext.run(scope, () => this.#ask('GET', path)),
      newsOf: ({ state, done, failed, total, step, isCancelRequested }) => [state, done, failed, total, step, isCancelRequested],
      hasEnded: ({ endedAt }) => endedAt !== undefined,
      lastEventId,
    });
  }

  /** Asks it to end: what it has done by then stays. 409 where it has ended already. */
  @RequireScope('jobs:write')
  @Post(':service/:id/cancel')
  @HttpCode(202)
  cancel(@Param() path: unknown): Promise<Job> {
    return this.#ask('POST', path, '/cancel');
  }

  /** Lets a failed or cancelled one go on; the answer may be another job, which goes on in its place. */
  @RequireScope('jobs:write')
  @Post(':service/:id/resume')
  @HttpCode(202)
  resume(@Param() path: unknown): Promise<Job> {
    return this.#ask('POST', path, '/resume');
  }

  async #listOf(service: ServiceName, query: string): Promise<Job[]> {
    const { items } = pageSchema.parse(await this.internal.call(service, { method: 'GET', path: `/v1/own-jobs${query}` }));
    return items.map((job) => ({ service, ...job }));
  }

  async #ask(method: 'GET' | 'POST', path: unknown, act = ''): Promise<Job> {
    const { service, id } = pathSchema.parse(path);
    return { service, ...jobSchema.parse(await this.internal.call(service, { method, path: `/v1/own-jobs/${id}${act}` })) };
  }
}
