import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { RequireScope } from '@crossdock/service-tokens';
import { InternalClient } from './internal-client.ts';
import { forwardedQuery } from './forwarded-query.ts';

/** Orders, as the orders service tells them. */
@RequireScope('orders:read')
@Controller('v1/orders')
export class OrdersController {
  constructor(private readonly internal: InternalClient) {}

  /** Orders, newest first, a page at a time: `limit`, `cursor`. */
  @Get()
  list(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('orders', { method: 'GET', path: `/v1/orders${forwardedQuery(query)}` });
  }

  /** An order in canonical form, as its shop last told it. */
  @Get(':id')
  find(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('orders', { method: 'GET', path: `/v1/orders/${id}` });
  }

  /** What happened to an order, oldest first, and what it waits for now: `limit`, `cursor`. */
  @Get(':id/timeline')
  timeline(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<unknown> {
    return this.internal.call('orders', { method: 'GET', path: `/v1/orders/${id}/timeline${forwardedQuery(query)}` });
  }
}
