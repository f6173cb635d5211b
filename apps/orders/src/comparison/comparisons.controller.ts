import { Answers, Failure, pageSchema as pageOfSchema, timestampSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { jobStates } from '@crossdock/task-queue';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { countDrift, foundDriftSchema, listDrift, type FoundDrift } from './comparison.repository.ts';
import { comparisonInputSchema, OrderComparisons } from './order-comparisons.ts';
import { driftSchema } from './order-drift.ts';

/** @public */
export const pageSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** The last line of the page before. */
  cursor: z.string().regex(/^\d{1,19}$/).default('0'),
});

/** A comparison and what it found, by field. Times are ISO 8601 in UTC with milliseconds. */
const comparisonViewSchema = z.object({
  id: z.uuid(),
  state: z.enum(jobStates),
  input: comparisonInputSchema,
  step: z.string().exactOptional(),
  compared: z.int().describe('Orders of the shop that were compared.'),
  drift: z.array(driftSchema.pick({ side: true, field: true }).extend({ count: z.int(), repaired: z.int() })).readonly(),
  error: z.string().exactOptional(),
  startedAt: timestampSchema,
  endedAt: timestampSchema.exactOptional(),
}).meta({ id: 'OrderComparison' });
type ComparisonView = z.infer<typeof comparisonViewSchema>;

/** Comparisons of the tenant's orders with its shops and its CRM. */
@Controller('v1/orders/comparisons')
export class ComparisonsController {
  constructor(private readonly database: TenantDatabase, private readonly comparisons: OrderComparisons) {}

  /** Begins one. */
  @RequireScope('orders:write')
  @Post()
  @HttpCode(202)
  @Answers(comparisonViewSchema)
  begin(@Body() body: unknown): Promise<ComparisonView> {
    const input = comparisonInputSchema.strict().parse(body);
    return this.#inTenant(async (manager) => this.#view(manager, await this.comparisons.start(manager, input)));
  }

  @RequireScope('orders:read')
  @Get(':id')
  @Answers(comparisonViewSchema)
  read(@Param('id', ParseUUIDPipe) id: string): Promise<ComparisonView> {
    return this.#inTenant((manager) => this.#view(manager, id));
  }

  /** What differs, a field of an order a line. */
  @RequireScope('orders:read')
  @Get(':id/drift')
  @Answers(pageOfSchema(foundDriftSchema))
  async drift(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<{ items: FoundDrift[]; nextCursor?: string }> {
    const { limit, cursor } = pageSchema.parse(query);
    const found = await this.#inTenant((manager) => listDrift(manager, id, { after: cursor, limit: limit + 1 }));
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(({ place: _, ...drift }) => drift), ...(found.length > limit && last && { nextCursor: last.place }) };
  }

  async #view(manager: EntityManager, id: string): Promise<ComparisonView> {
    const job = await this.comparisons.find(manager, id);
    if (!job) throw new Failure('not_found', `There is no comparison ${id}.`);
    const { state, input, step, done, error, createdAt, endedAt } = job;
    return {
      id, state, input: comparisonInputSchema.parse(input), compared: done, drift: await countDrift(manager, id), startedAt: createdAt.toISOString(),
      ...(step !== undefined && { step }), ...(error && { error: error.message }), ...(endedAt && { endedAt: endedAt.toISOString() }),
    };
  }

  #inTenant<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction(tenantContext.require().tenantId, work);
  }
}
