import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { RequireScope } from '@crossdock/service-tokens';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient } from './internal-client.ts';

/** Comparisons of orders with their shop and their deals, as the orders service makes them. */
@Controller('v1/orders/comparisons')
export class OrderComparisonsController {
  constructor(private readonly internal: InternalClient) {}

  /** Begins one; it goes on in the background. */
  @RequireScope('orders:write')
  @Post()
  @HttpCode(202)
  begin(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('orders', { method: 'POST', path: '/v1/orders/comparisons', body });
  }

  /** How far a comparison is, and what it has found. */
  @RequireScope('orders:read')
  @Get(':id')
  find(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('orders', { method: 'GET', path: `/v1/orders/comparisons/${id}` });
  }

  /** The differences that a comparison has found, a page at a time: `limit`, `cursor`. */
  @RequireScope('orders:read')
  @Get(':id/drift')
  drift(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<unknown> {
    return this.internal.call('orders', { method: 'GET', path: `/v1/orders/comparisons/${id}/drift${forwardedQuery(query)}` });
  }
}
