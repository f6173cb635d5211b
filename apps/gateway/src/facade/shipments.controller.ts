import { BadRequestException, Body, Controller, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { RequireScope } from '@crossdock/service-tokens';
import { InternalClient } from './internal-client.ts';

/** Shipments, as the shipping service tells and makes them. */
@Controller('v1/shipments')
export class ShipmentsController {
  constructor(private readonly internal: InternalClient) {}

  /** Asks for a shipment: 202, and the label is bought in the background. The same `Idempotency-Key` gives the same shipment. */
  @RequireScope('shipments:write')
  @Post()
  @HttpCode(202)
  create(@Body() body: unknown, @Headers('idempotency-key') idempotencyKey: string | undefined): Promise<unknown> {
    if (!idempotencyKey) throw new BadRequestException('Send an Idempotency-Key header, so that a repeat buys no second label.');
    return this.internal.call('shipping', { method: 'POST', path: '/v1/shipments', body, headers: { 'idempotency-key': idempotencyKey } });
  }

  @RequireScope('shipments:read')
  @Get(':id')
  find(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('shipping', { method: 'GET', path: `/v1/shipments/${id}` });
  }
}
