import { serviceNames, type ServiceName } from '@crossdock/contracts';
import {
  bulkResultSchema, deadLetterCountsSchema, deadLetterLineSchema, deadLetterViewSchema, onBehalfOfHeader, OwnDeadLetters, ownDeadLetterPageSchema, ownDeadLetterQuerySchema,
  type BulkResult, type DeadLetterCounts, type DeadLetterView, type OwnDeadLetterPage,
} from '@crossdock/operations';
import { HttpException, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient, isAway } from './internal-client.ts';

const serviceSchema = z.enum(serviceNames);
/** @public The service that could not work something off. */
export const servicePathSchema = z.object({ service: serviceSchema });
/** @public Names a dead letter: by its service, and its id there. */
export const deadLetterPathSchema = servicePathSchema.extend({ id: z.string().regex(/^[0-9a-f-]{1,36}$/) });
/** @public */
export const deadLetterListSchema = ownDeadLetterQuerySchema.extend({ service: serviceSchema.optional() });

const unavailable = z.array(serviceSchema).readonly().describe('Services that do not answer: what they hold is missing.');
export const deadLetterPageSchema = z.object({
  items: z.array(deadLetterLineSchema.extend({ service: serviceSchema }).meta({ id: 'DeadLetterLine' })).readonly(),
  nextCursor: z.string().exactOptional(),
  unavailable,
});
export type DeadLetterPage = z.infer<typeof deadLetterPageSchema>;

export const deadLetterSummarySchema = z.object({
  groups: z.array(deadLetterCountsSchema.shape.groups.unwrap().element.extend({ service: serviceSchema })).readonly(),
  isComplete: deadLetterCountsSchema.shape.isComplete,
  unavailable,
}).meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.infer<typeof deadLetterSummarySchema>;

/** What could not be worked off of a tenant, in all services. */
@Injectable()
export class TenantDeadLetters {
  constructor(private readonly internal: InternalClient, private readonly own: OwnDeadLetters) {}

  /** Oldest first. A place in the list of one service is one in that of each other. */
  async list(query: unknown): Promise<DeadLetterPage> {
    const { service: wanted, ...rest } = z.record(z.string(), z.string()).parse(query);
    const { limit } = deadLetterListSchema.parse(query);
    const away: ServiceName[] = [];
    const found = await this.#ofEach(away, serviceNames.filter((service) => wanted === undefined || service === wanted), (service) => this.#listOf(service, rest));
    const lines = found.flatMap(({ service, answer: { items } }) => items.map((line) => ({ service, ...line }))).sort((one, other) => comparePlaces(one.place, other.place)).slice(0, limit);
    const last = lines.at(-1);
    return { items: lines.map(({ place: _, ...line }) => line), unavailable: away, ...(lines.length === limit && last && { nextCursor: last.place }) };
  }

  async summary(): Promise<DeadLetterSummary> {
    const away: ServiceName[] = [];
    const found = await this.#ofEach(away, serviceNames, (service) => this.#countOf(service));
    return {
      groups: found.flatMap(({ service, answer: { groups } }) => groups.map((group) => ({ service, ...group }))).sort((one, other) => one.oldestAt.localeCompare(other.oldestAt)),
      isComplete: found.every(({ answer }) => answer.isComplete), unavailable: away,
    };
  }

  async show(path: unknown): Promise<DeadLetterView> {
    const { service, id } = deadLetterPathSchema.parse(path);
    return service === 'gateway' ? this.own.show(id) : deadLetterViewSchema.parse(await this.internal.call(service, { method: 'GET', path: `/v1/own-dead-letters/${id}` }));
  }

  /** @param callerId in whose name it is done */
  async act(act: 'replay' | 'discard', path: unknown, body: unknown, callerId: string): Promise<BulkResult> {
    const { service } = servicePathSchema.parse(path);
    if (service === 'gateway') return this.own.act(act, body, { client: callerId });
    return bulkResultSchema.parse(await this.internal.call(service, {
      method: 'POST', path: `/v1/own-dead-letters/${act}`, body: body ?? {}, headers: { [onBehalfOfHeader]: callerId }, isLong: true,
    }));
  }

  async #listOf(service: ServiceName, query: Readonly<Record<string, string>>): Promise<OwnDeadLetterPage> {
    return service === 'gateway' ? this.own.list(query)
      : ownDeadLetterPageSchema.parse(await this.internal.call(service, { method: 'GET', path: `/v1/own-dead-letters${forwardedQuery(query)}` }));
  }

  async #countOf(service: ServiceName): Promise<DeadLetterCounts> {
    return service === 'gateway' ? this.own.count() : deadLetterCountsSchema.parse(await this.internal.call(service, { method: 'GET', path: '/v1/own-dead-letters/counts' }));
  }

  async #ofEach<Found>(away: ServiceName[], services: readonly ServiceName[], ask: (service: ServiceName) => Promise<Found>): Promise<Array<{ readonly service: ServiceName; readonly answer: Found }>> {
    const found = await Promise.all(services.map(async (service) => {
      try {
        return [{ service, answer: await ask(service) }];
      } catch (thrown) {
        if (!isAway(thrown) && !isUnknownThere(thrown)) throw thrown;
        away.push(service);
        return [];
      }
    }));
    return found.flat();
  }
}

/** A replica of the version before, during a roll-out, has no such list. */
function isUnknownThere(thrown: unknown): boolean {
  return thrown instanceof HttpException && thrown.getStatus() === 404;
}

/** By time in microseconds, then by id: as each service's list is in order. */
function comparePlaces(one: string, other: string): number {
  const [[oneAt = '', oneId = ''], [otherAt = '', otherId = '']] = [one.split('.'), other.split('.')];
  return oneAt === otherAt ? Number(oneId > otherId) - Number(oneId < otherId) : Number(oneAt) - Number(otherAt);
}
