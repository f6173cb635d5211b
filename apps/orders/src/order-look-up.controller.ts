import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { findOrders, findOrdersOfDeals } from './order.repository.ts';
import { viewOrder, type OrderView } from './order.view.ts';

const most = 500;
/** @public */
export const lookUpSchema = z.strictObject({
  ids: z.array(z.uuid()).max(most).default([]),
  /** Deals by their ids at the CRM. */
  deals: z.array(z.strictObject({ connectionId: z.uuid(), externalId: z.string().min(1).max(255) })).max(most).default([]),
});

/** Orders by what others know them by, many at once. */
@Controller('v1/orders/look-up')
export class OrderLookUpController {
  constructor(private readonly database: TenantDatabase) {}

  /** The orders with these ids and those behind these deals, each once, in no order; what there is none of is left out. */
  @RequireScope('orders:read')
  @Post()
  @HttpCode(200)
  async find(@Body() body: unknown): Promise<{ items: OrderView[] }> {
    const { ids, deals } = lookUpSchema.parse(body);
    const found = await this.database.transaction(tenantContext.require().tenantId, async (manager) =>
      [...ids.length === 0 ? [] : await findOrders(manager, ids), ...deals.length === 0 ? [] : await findOrdersOfDeals(manager, deals)]);
    return { items: [...new Map(found.map((order) => [order.orderId, viewOrder(order)])).values()] };
  }
}
