import { Failure } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { listOrders, orderQuerySchema } from './order-page.ts';
import { findOrder, listDecisions } from './order.repository.ts';
import { viewDecision, viewOrder, type DecisionView, type OrderView } from './order.view.ts';

const timelineQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  /** The last line of the page before. */
  cursor: z.string().regex(/^\d{1,19}$/).optional(),
});

/** The tenant's orders, read by other services. */
@Controller('v1/orders')
@RequireScope('orders:read')
export class OrdersController {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  @Get()
  async list(@Query() query: unknown): Promise<{ items: OrderView[]; nextCursor?: string }> {
    const { orders, nextCursor } = await this.#database.transaction(tenantContext.require().tenantId, (manager) =>
      listOrders(manager, orderQuerySchema.parse(query)));
    return { items: orders.map(viewOrder), ...(nextCursor !== undefined && { nextCursor }) };
  }

  @Get(':id')
  async read(@Param('id') id: string): Promise<OrderView> {
    const order = await this.#database.transaction(tenantContext.require().tenantId, (manager) =>
      findOrder(manager, z.uuid().parse(id)));
    return viewOrder(order ?? notFound(id));
  }

  /** What was decided about the order so far, oldest first. */
  @Get(':id/timeline')
  async timeline(@Param('id') id: string, @Query() query: unknown): Promise<{ items: DecisionView[]; nextCursor?: string }> {
    const { limit, cursor } = timelineQuerySchema.parse(query);
    const decisions = await this.#database.transaction(tenantContext.require().tenantId, async (manager) => {
      const order = await findOrder(manager, z.uuid().parse(id)) ?? notFound(id);
      return listDecisions(manager, order.orderId, { limit: limit + 1, after: cursor ?? '0' });
    });
    const page = decisions.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(viewDecision), ...(decisions.length > limit && last && { nextCursor: last.decisionId }) };
  }
}

function notFound(id: string): never {
  throw new Failure('not_found', `There is no order ${id}.`);
}
