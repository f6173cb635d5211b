import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { RequireScope } from '@crossdock/service-tokens';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient } from './internal-client.ts';

/** What a tenant allows its shipments to cost, and its sample kits with their stock, as the shipping service keeps them. */
@Controller('v1')
export class ShippingStockController {
  constructor(private readonly internal: InternalClient) {}

  /** What the tenant allows its shipments to cost, and to whom they go. */
  @RequireScope('shipments:read')
  @Get('shipping-policy')
  policy(): Promise<unknown> {
    return this.internal.call('shipping', { method: 'GET', path: '/v1/shipping-policy' });
  }

  /** Puts another policy in its place. */
  @RequireScope('shipments:write')
  @Put('shipping-policy')
  replacePolicy(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('shipping', { method: 'PUT', path: '/v1/shipping-policy', body });
  }

  /** Sample kits with their stock. */
  @RequireScope('shipments:read')
  @Get('sample-kits')
  kits(): Promise<unknown> {
    return this.internal.call('shipping', { method: 'GET', path: '/v1/sample-kits' });
  }

  /** A sample kit with its stock. */
  @RequireScope('shipments:read')
  @Get('sample-kits/:sku')
  kit(@Param('sku') sku: string): Promise<unknown> {
    return this.internal.call('shipping', { method: 'GET', path: pathOf(sku) });
  }

  /** Makes a kit known or changes it; its stock stays as it is. */
  @RequireScope('shipments:write')
  @Put('sample-kits/:sku')
  keepKit(@Param('sku') sku: string, @Body() body: unknown): Promise<unknown> {
    return this.internal.call('shipping', { method: 'PUT', path: pathOf(sku), body });
  }

  /** Kits that came in (`change` above zero) or are missing (below). */
  @RequireScope('shipments:write')
  @Post('sample-kits/:sku/stock')
  @HttpCode(200)
  changeStock(@Param('sku') sku: string, @Body() body: unknown): Promise<unknown> {
    return this.internal.call('shipping', { method: 'POST', path: `${pathOf(sku)}/stock`, body });
  }

  /** Samples that deals asked for, the newest first; by `state`. */
  @RequireScope('shipments:read')
  @Get('sample-requests')
  sampleRequests(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('shipping', { method: 'GET', path: `/v1/sample-requests${forwardedQuery(query)}` });
  }

  /** Says where a sample goes that waits for that, and sends it. */
  @RequireScope('shipments:write')
  @Put('sample-requests/:id/recipient')
  completeSampleRequest(@Param('id', ParseUUIDPipe) id: string, @Body() body: unknown): Promise<unknown> {
    return this.internal.call('shipping', { method: 'PUT', path: `/v1/sample-requests/${id}/recipient`, body });
  }
}

function pathOf(sku: string): string {
  return `/v1/sample-kits/${encodeURIComponent(sku)}`;
}
