import { Answers, Failure, pageSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { listOrders, orderQuerySchema } from './order-page.ts';
import { findOrder } from './order.repository.ts';
import { orderViewSchema, viewOrder, type OrderView } from './order.view.ts';
import { OrderTimelines, orderTimelineSchema, type OrderTimeline } from './timeline/order-timeline.ts';

/** @public */
export const timelineQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  /** The last line of the page before. */
  cursor: z.string().regex(/^\d{1,19}$/).optional(),
});

/** The tenant's orders, read by other services. */
@Controller('v1/orders')
@RequireScope('orders:read')
export class OrdersController {
  readonly #database: TenantDatabase;
  readonly #timelines: OrderTimelines;

  constructor(database: TenantDatabase, timelines: OrderTimelines) {
    this.#database = database;
    this.#timelines = timelines;
  }

  @Get()
  @Answers(pageSchema(orderViewSchema))
  async list(@Query() query: unknown): Promise<{ items: OrderView[]; nextCursor?: string }> {
    const { orders, nextCursor } = await this.#database.transaction(tenantContext.require().tenantId, (manager) =>
      listOrders(manager, orderQuerySchema.parse(query)));
    return { items: orders.map(viewOrder), ...(nextCursor !== undefined && { nextCursor }) };
  }

  @Get(':id')
  @Answers(orderViewSchema)
  async read(@Param('id') id: string): Promise<OrderView> {
    const order = await this.#database.transaction(tenantContext.require().tenantId, (manager) =>
      findOrder(manager, z.uuid().parse(id)));
    return viewOrder(order ?? notFound(id));
  }

  /** What happened to the order so far, of every service that took part, oldest first; and what it waits for now. */
  @Get(':id/timeline')
  @Answers(orderTimelineSchema)
  timeline(@Param('id') id: string, @Query() query: unknown): Promise<OrderTimeline> {
    const { limit, cursor } = timelineQuerySchema.parse(query);
    return this.#database.transaction(tenantContext.require().tenantId, async (manager) =>
      this.#timelines.of(manager, await findOrder(manager, z.uuid().parse(id)) ?? notFound(id), { limit, cursor }));
  }
}

function notFound(id: string): never {
  throw new Failure('not_found', `There is no order ${id}.`);
}
