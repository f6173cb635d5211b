import { jobViewSchema } from '@crossdock/operations';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient, isAway } from './internal-client.ts';
import { workingServices } from './working-services.ts';

/** @public Names a job: the service that does it, and its id there. */
export const jobPathSchema = z.object({ service: z.enum(workingServices), id: z.uuid() });
/** @public */
export const jobListSchema = z.looseObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });
const pageSchema = z.object({ items: z.array(jobViewSchema) });

/** A job, and the service that does it. */
export const jobSchema = jobViewSchema.extend({ service: z.enum(workingServices) }).meta({ id: 'Job' });
export type Job = z.infer<typeof jobSchema>;

/** A page of the jobs of all services. */
export const jobPageSchema = z.object({
  items: z.array(jobSchema).readonly(),
  nextCursor: z.string().exactOptional(),
  unavailable: z.array(z.enum(workingServices)).readonly().describe('Services that do not answer: what they hold is missing.'),
});
export type JobPage = z.infer<typeof jobPageSchema>;
type WorkingService = Job['service'];

/** A tenant's long work in all services. */
@Injectable()
export class TenantJobs {
  constructor(private readonly internal: InternalClient) {}

  /** Of all services, newest first. @param query texts, as they are passed on to each service. */
  async list(query: unknown): Promise<JobPage> {
    const { limit } = jobListSchema.parse(query);
    const unavailable: WorkingService[] = [];
    const found = await Promise.all(workingServices.map((service) => this.#listOf(service, forwardedQuery(query)).catch((thrown: unknown) => {
      if (!isAway(thrown)) throw thrown;
      unavailable.push(service);
      return [];
    })));
    const items = found.flat().sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit);
    const last = items.at(-1);
    return { items, unavailable, ...(items.length === limit && last && { nextCursor: last.id }) };
  }

  read(path: unknown): Promise<Job> {
    return this.#ask('GET', path);
  }

  cancel(path: unknown): Promise<Job> {
    return this.#ask('POST', path, '/cancel');
  }

  resume(path: unknown): Promise<Job> {
    return this.#ask('POST', path, '/resume');
  }

  async #listOf(service: WorkingService, query: string): Promise<Job[]> {
    const { items } = pageSchema.parse(await this.internal.call(service, { method: 'GET', path: `/v1/own-jobs${query}` }));
    return items.map((job) => ({ service, ...job }));
  }

  async #ask(method: 'GET' | 'POST', path: unknown, act = ''): Promise<Job> {
    const { service, id } = jobPathSchema.parse(path);
    return { service, ...jobViewSchema.parse(await this.internal.call(service, { method, path: `/v1/own-jobs/${id}${act}` })) };
  }
}

/** What of a job makes news; the rest, such as its rate, is told with the next. */
export function jobNews({ state, done, failed, total, step, isCancelRequested }: Job): unknown {
  return [state, done, failed, total, step, isCancelRequested];
}
