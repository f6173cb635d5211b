import { Answers, serviceNames, type ServiceName } from '@crossdock/contracts';
import { AllDeadLetters, deadLetterCountsOfAllSchema, deadLetterPageSchema, deadLetterQuerySchema, Operator, type Actor } from '@crossdock/operations';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { Controller, Get, HttpException, Query } from '@nestjs/common';
import { z } from 'zod';
import { TenantRepository } from '../tenants/tenant.repository.ts';
import { forwardedQuery } from './forwarded-query.ts';
import { detailOf, InternalClient } from './internal-client.ts';
import { askEach, inOneOrder, lineOfServiceSchema, sortsOf, unavailableSchema } from './letters-of-services.ts';

/** As many sorts are told of all services together. */
const mostSorts = 200;
const serviceSchema = z.enum(serviceNames);
const tenantName = z.string().nullable().describe('Null where nobody knows whose it is.');

/** @public */
export const operatorDeadLettersSchema = deadLetterQuerySchema.extend({ service: serviceSchema.optional() });
const pageSchema = z.object({
  items: z.array(lineOfServiceSchema.extend({ tenantName }).meta({ id: 'DeadLetterOfTenant' })).readonly(),
  nextCursor: z.string().exactOptional(),
  unavailable: unavailableSchema,
});
const summarySchema = z.object({
  groups: z.array(deadLetterCountsOfAllSchema.shape.groups.unwrap().element.extend({ service: serviceSchema, tenantName })).readonly(),
  isComplete: z.boolean().describe('False where there are more than were counted: 100,000 of messages and as many tasks of a service; or more sorts than 200.'),
  unavailable: unavailableSchema,
}).meta({ id: 'InstallationDeadLetterSummary' });

/**
 * What could not be worked off, and work that is parked, of all tenants, for operators to see where to look first. They act for one tenant at a time, by that tenant's
 * routes.
 */
@RequireOperatorScope('operations:read')
@Controller('v1/operators/dead-letters')
export class OperatorDeadLettersController {
  constructor(private readonly internal: InternalClient, private readonly own: AllDeadLetters, private readonly tenants: TenantRepository) {}

  /** Of all services and tenants, oldest first, without secrets and personal data. What a service that does not answer holds is missing, and `unavailable` names it. */
  @Get()
  @Answers(pageSchema)
  async list(@Query() query: unknown, @Operator() actor: Actor): Promise<z.infer<typeof pageSchema>> {
    const { limit } = operatorDeadLettersSchema.parse(query);
    const { service: wanted, ...rest } = z.record(z.string(), z.string()).parse(query);
    const { found, unavailable } = await askEach(serviceNames.filter((service) => wanted === undefined || service === wanted), async (service) =>
      (service === 'gateway' ? this.own.list(rest) : deadLetterPageSchema.parse(await this.#ask(service, forwardedQuery(rest), actor))));
    const { items, ...page } = inOneOrder(found, limit);
    return { ...page, items: await this.#named(items), unavailable };
  }

  /** How many there are, by tenant, service, what they are and why, and since when: those with the oldest first. */
  @Get('summary')
  @Answers(summarySchema)
  async summary(@Operator() actor: Actor): Promise<z.infer<typeof summarySchema>> {
    const { found, unavailable } = await askEach(serviceNames, async (service) =>
      (service === 'gateway' ? this.own.count() : deadLetterCountsOfAllSchema.parse(await this.#ask(service, '/counts', actor))));
    const groups = sortsOf(found);
    return { groups: await this.#named(groups.slice(0, mostSorts)), isComplete: groups.length <= mostSorts && found.every(({ answer }) => answer.isComplete), unavailable };
  }

  async #ask(service: ServiceName, path: string, { onBehalfOf, client }: Actor): Promise<unknown> {
    const { status, answer } = await this.internal.callForOperator(service, { method: 'GET', path: `/v1/operations/dead-letters${path}` }, onBehalfOf ?? client);
    if (status >= 400) throw new HttpException(detailOf(answer), status);
    return answer;
  }

  async #named<Of extends { readonly tenantId: string | null }>(all: readonly Of[]): Promise<Array<Of & { readonly tenantName: string | null }>> {
    const names = await this.tenants.names([...new Set(all.flatMap(({ tenantId }) => tenantId ?? []))]);
    return all.map((one) => ({ ...one, tenantName: one.tenantId === null ? null : names.get(one.tenantId) ?? null }));
  }
}
