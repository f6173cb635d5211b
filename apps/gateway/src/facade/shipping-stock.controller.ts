import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { RequireScope } from '@crossdock/service-tokens';
import { InternalClient } from './internal-client.ts';

/** What a tenant allows its shipments to cost, and its sample kits with their stock, as the shipping service keeps them. */
@Controller('v1')
export class ShippingStockController {
  constructor(private readonly internal: InternalClient) {}

  @RequireScope('shipments:read')
  @Get('shipping-policy')
  policy(): Promise<unknown> {
    return this.internal.call('shipping', { method: 'GET', path: '/v1/shipping-policy' });
  }

  @RequireScope('shipments:write')
  @Put('shipping-policy')
  replacePolicy(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('shipping', { method: 'PUT', path: '/v1/shipping-policy', body });
  }

  @RequireScope('shipments:read')
  @Get('sample-kits')
  kits(): Promise<unknown> {
    return this.internal.call('shipping', { method: 'GET', path: '/v1/sample-kits' });
  }

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
}

function pathOf(sku: string): string {
  return `/v1/sample-kits/${encodeURIComponent(sku)}`;
}
