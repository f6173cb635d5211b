import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { CurrentCaller, RequireScope, type Caller } from '@crossdock/service-tokens';
import { personalPlaces, shownTo } from '../callers/personal-data.ts';
import { InternalClient } from './internal-client.ts';
import { forwardedQuery } from './forwarded-query.ts';

/** Orders, as the orders service tells them. */
@RequireScope('orders:read')
@Controller('v1/orders')
export class OrdersController {
  constructor(private readonly internal: InternalClient) {}

  /** Orders, newest first, a page at a time: `limit`, `cursor`. Customers are left out without the scope `personal:read`. */
  @Get()
  async list(@Query() query: unknown, @CurrentCaller() caller: Caller): Promise<unknown> {
    return shownTo(caller, await this.internal.call('orders', { method: 'GET', path: `/v1/orders${forwardedQuery(query)}` }), personalPlaces.order);
  }

  /** An order in canonical form, as its shop last told it. The customer is left out without the scope `personal:read`. */
  @Get(':id')
  async find(@Param('id', ParseUUIDPipe) id: string, @CurrentCaller() caller: Caller): Promise<unknown> {
    return shownTo(caller, await this.internal.call('orders', { method: 'GET', path: `/v1/orders/${id}` }), personalPlaces.order);
  }

  /** What happened to an order, oldest first, and what it waits for now: `limit`, `cursor`. */
  @Get(':id/timeline')
  timeline(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<unknown> {
    return this.internal.call('orders', { method: 'GET', path: `/v1/orders/${id}/timeline${forwardedQuery(query)}` });
  }
}
