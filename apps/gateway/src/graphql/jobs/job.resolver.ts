import { Args, Context, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { tenantContext } from '@crossdock/tenancy';
import { z } from 'zod';
import { Acts } from '../../audit/acts.ts';
import { jobNews, jobPathSchema, TenantJobs, type Job } from '../../facade/jobs.ts';
import { StateStreams } from '../../facade/state-streams.ts';
import { nullIfNotFound } from '../null-if-not-found.ts';
import type { OperationContext } from '../operation-context.ts';
import { mapEvents } from '../map-events.ts';
import { pageArgumentsShape, toPage, type Page } from '../page.ts';

const listSchema = z.object({ ...pageArgumentsShape, kind: z.string().max(100).nullish(), state: z.string().max(100).nullish() });

@Resolver('Job')
export class JobResolver {
  constructor(private readonly jobs: TenantJobs, private readonly acts: Acts, private readonly streams: StateStreams) {}

  @Query('job')
  async find(@Args() args: unknown): Promise<Job | null> {
    return nullIfNotFound(this.jobs.read(jobPathSchema.parse(args)));
  }

  @Query('jobs')
  async list(@Args() args: unknown): Promise<Page<Job> & { readonly unavailable: readonly string[] }> {
    const { first, after, kind, state } = listSchema.parse(args);
    const { unavailable, ...page } = await this.jobs.list({ limit: String(first), ...(after && { cursor: after }), ...(kind && { kind }), ...(state && { state }) });
    return { ...toPage(page), unavailable };
  }

  @Mutation('cancelJob')
  async cancel(@Args() args: unknown, @Context() { caller }: OperationContext): Promise<Job> {
    const path = jobPathSchema.parse(args);
    return this.acts.written({ caller, action: 'GraphQL cancelJob', record: path }, () => this.jobs.cancel(path));
  }

  @Mutation('resumeJob')
  async resume(@Args() args: unknown, @Context() { caller }: OperationContext): Promise<Job> {
    const path = jobPathSchema.parse(args);
    return this.acts.written({ caller, action: 'GraphQL resumeJob', record: path }, () => this.jobs.resume(path));
  }

  @Subscription('job')
  watch(@Args() args: unknown): AsyncGenerator<{ readonly job: Job }> {
    const path = jobPathSchema.parse(args);
    const scope = tenantContext.require();
    return mapEvents(this.streams.states({
      look: () => tenantContext.run(scope, () => this.jobs.read(path)), newsOf: jobNews, hasEnded: ({ endedAt }) => endedAt !== undefined,
    }), (job) => ({ job }));
  }
}
