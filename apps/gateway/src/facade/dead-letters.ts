import { serviceNames, type ServiceName } from '@crossdock/contracts';
import {
  bulkResultSchema, deadLetterCountsSchema, deadLetterPageSchema as pageOfServiceSchema, deadLetterViewSchema, onBehalfOfHeader, OwnDeadLetters, ownDeadLetterQuerySchema,
  type BulkResult, type DeadLetterCounts, type DeadLetterPage as PageOfService, type DeadLetterView,
} from '@crossdock/operations';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient } from './internal-client.ts';
import { askEach, inOneOrder, lineOfServiceSchema, sortsOf, unavailableSchema } from './letters-of-services.ts';

const serviceSchema = z.enum(serviceNames);
/** @public The service that could not work something off. */
export const servicePathSchema = z.object({ service: serviceSchema });
/** @public Names a dead letter: by its service, and its id there. */
export const deadLetterPathSchema = servicePathSchema.extend({ id: z.string().regex(/^[0-9a-f-]{1,36}$/) });
/** @public */
export const deadLetterListSchema = ownDeadLetterQuerySchema.extend({ service: serviceSchema.optional() });

export const deadLetterPageSchema = z.object({
  items: z.array(lineOfServiceSchema).readonly(),
  nextCursor: z.string().exactOptional(),
  unavailable: unavailableSchema,
});
export type DeadLetterPage = z.infer<typeof deadLetterPageSchema>;

export const deadLetterSummarySchema = z.object({
  groups: z.array(deadLetterCountsSchema.shape.groups.unwrap().element.extend({ service: serviceSchema })).readonly(),
  isComplete: deadLetterCountsSchema.shape.isComplete,
  unavailable: unavailableSchema,
}).meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.infer<typeof deadLetterSummarySchema>;

/** What could not be worked off of a tenant, in all services. */
@Injectable()
export class TenantDeadLetters {
  constructor(private readonly internal: InternalClient, private readonly own: OwnDeadLetters) {}

  /** Oldest first. */
  async list(query: unknown): Promise<DeadLetterPage> {
    const { service: wanted, ...rest } = z.record(z.string(), z.string()).parse(query);
    const { limit } = deadLetterListSchema.parse(query);
    const { found, unavailable } = await askEach(serviceNames.filter((service) => wanted === undefined || service === wanted), (service) => this.#listOf(service, rest));
    return { ...inOneOrder(found, limit), unavailable };
  }

  async summary(): Promise<DeadLetterSummary> {
    const { found, unavailable } = await askEach(serviceNames, (service) => this.#countOf(service));
    return { groups: sortsOf(found), isComplete: found.every(({ answer }) => answer.isComplete), unavailable };
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

  async #listOf(service: ServiceName, query: Readonly<Record<string, string>>): Promise<PageOfService> {
    return service === 'gateway' ? this.own.list(query)
      : pageOfServiceSchema.parse(await this.internal.call(service, { method: 'GET', path: `/v1/own-dead-letters${forwardedQuery(query)}` }));
  }

  async #countOf(service: ServiceName): Promise<DeadLetterCounts> {
    return service === 'gateway' ? this.own.count() : deadLetterCountsSchema.parse(await this.internal.call(service, { method: 'GET', path: '/v1/own-dead-letters/counts' }));
  }
}
