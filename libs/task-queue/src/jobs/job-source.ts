import type { EntityManager } from 'typeorm';
import type { Job, JobState } from './job.ts';

export interface JobFilter {
  readonly kind?: string | undefined;
  readonly state?: JobState | undefined;
  /** Only jobs that began before this one, of whatever source: the last one of the page before. */
  readonly before?: string | undefined;
  readonly limit?: number | undefined;
}

/** What can be done with a job at present. */
export const jobActs = ['cancel', 'resume'] as const;
export type JobAct = (typeof jobActs)[number];

/** A job, and what people can do about it. */
export interface ShownJob extends Job {
  readonly acts: readonly JobAct[];
  /** Where the gateway lists the records that it did not bring through, and tries them again (`…/retry`). */
  readonly recordErrors?: string | undefined;
}

/**
 * Long work that people watch: jobs of the queue, or what a service keeps in tables of its own because others do it. Each method
 * works in the caller's tenant transaction, for the tenant of the tenant context.
 */
export interface JobSource {
  /** Newest first, 200 at most. */
  list(manager: EntityManager, filter: JobFilter): Promise<ShownJob[]>;
  get(manager: EntityManager, id: string): Promise<ShownJob | undefined>;
  /** Asks a job to end: at once where it waits, within a second or two where it runs. @returns undefined where it has ended. */
  cancel(manager: EntityManager, id: string): Promise<'cancelled' | 'requested' | undefined>;
  /** Lets a failed or cancelled job go on. @returns the id under which it does; undefined where there is none such. */
  resume(manager: EntityManager, id: string): Promise<string | undefined>;
}

/** All of a service's long work, as one list. */
export class JobSources implements JobSource {
  readonly #sources: JobSource[];

  constructor(...sources: JobSource[]) {
    this.#sources = sources;
  }

  register(source: JobSource): void {
    this.#sources.push(source);
  }

  async list(manager: EntityManager, filter: JobFilter): Promise<ShownJob[]> {
    const found: ShownJob[] = [];
    for (const source of this.#sources) found.push(...await source.list(manager, filter));
    return found.sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, filter.limit ?? defaultPage);
  }

  get(manager: EntityManager, id: string): Promise<ShownJob | undefined> {
    return this.#first((source) => source.get(manager, id));
  }

  cancel(manager: EntityManager, id: string): Promise<'cancelled' | 'requested' | undefined> {
    return this.#first((source) => source.cancel(manager, id));
  }

  resume(manager: EntityManager, id: string): Promise<string | undefined> {
    return this.#first((source) => source.resume(manager, id));
  }

  async #first<Result>(ask: (source: JobSource) => Promise<Result | undefined>): Promise<Result | undefined> {
    for (const source of this.#sources) {
      const answer = await ask(source);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
}

export const defaultPage = 50;
export const longestPage = 200;
