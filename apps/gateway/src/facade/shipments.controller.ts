import { ChangesNothing } from '../audit/audit.interceptor.ts';
import { BadRequestException, Body, Controller, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { CurrentCaller, RequireScope, type Caller } from '@crossdock/service-tokens';
import { personalPlaces, shownTo } from '../callers/personal-data.ts';
import { forwardedQuery } from './forwarded-query.ts';
import { KeyKeptByService } from '../idempotency/idempotency.interceptor.ts';
import { InternalClient } from './internal-client.ts';

/** Shipments, as the shipping service tells and makes them. */
@Controller('v1')
export class ShipmentsController {
  constructor(private readonly internal: InternalClient) {}

  /** Asks for a shipment: 202, and the label is bought in the background. The same `Idempotency-Key` gives the same shipment. */
  @RequireScope('shipments:write')
  @KeyKeptByService()
  @Post('shipments')
  @HttpCode(202)
  create(@Body() body: unknown, @Headers('idempotency-key') key: string | undefined): Promise<unknown> {
    return this.#post('/v1/shipments', body, key);
  }

  /** Asks for up to 100 shipments, each by itself: 202 with what became of each. The same `Idempotency-Key` gives the same batch. */
  @RequireScope('shipments:write')
  @KeyKeptByService()
  @Post('shipment-batches')
  @HttpCode(202)
  createMany(@Body() body: unknown, @Headers('idempotency-key') key: string | undefined): Promise<unknown> {
    return this.#post('/v1/shipment-batches', body, key);
  }

  /** What carriers ask for a parcel; nothing is bought. The body is that of a shipment. */
  @RequireScope('shipments:read')
  @ChangesNothing()
  @Post('rates')
  @HttpCode(200)
  quote(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('shipping', { method: 'POST', path: '/v1/rates', body, asksVendor: true });
  }

  /** Follows a parcel whose label was bought elsewhere: 202. The same `Idempotency-Key` gives the same shipment. */
  @RequireScope('shipments:write')
  @KeyKeptByService()
  @Post('followed-shipments')
  @HttpCode(202)
  follow(@Body() body: unknown, @Headers('idempotency-key') key: string | undefined): Promise<unknown> {
    return this.#post('/v1/followed-shipments', body, key);
  }

  /** Newest first; by `orderId`, `batchId`, `status` or `sample`, a page at a time. Whom a sample is for is left out without the scope `personal:read`. */
  @RequireScope('shipments:read')
  @Get('shipments')
  async list(@Query() query: unknown, @CurrentCaller() caller: Caller): Promise<unknown> {
    return shownTo(caller, await this.internal.call('shipping', { method: 'GET', path: `/v1/shipments${forwardedQuery(query)}` }), personalPlaces.shipment);
  }

  /** A shipment with its label, tracking and cost. Whom a sample is for is left out without the scope `personal:read`. */
  @RequireScope('shipments:read')
  @Get('shipments/:id')
  async find(@Param('id', ParseUUIDPipe) id: string, @CurrentCaller() caller: Caller): Promise<unknown> {
    return shownTo(caller, await this.internal.call('shipping', { method: 'GET', path: `/v1/shipments/${id}` }), personalPlaces.shipment);
  }

  /** A label for the way back of a shipment: 202. The same `Idempotency-Key` gives the same label. */
  @RequireScope('shipments:write')
  @KeyKeptByService()
  @Post('shipments/:id/returns')
  @HttpCode(202)
  requestReturn(
    @Param('id', ParseUUIDPipe) id: string, @Body() body: unknown, @Headers('idempotency-key') key: string | undefined,
  ): Promise<unknown> {
    return this.#post(`/v1/shipments/${id}/returns`, body ?? {}, key);
  }

  /** Takes a shipment back before it goes out: 202, and its label is given back in the background. A repeat changes nothing. */
  @RequireScope('shipments:write')
  @Post('shipments/:id/void')
  @HttpCode(202)
  takeBack(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('shipping', { method: 'POST', path: `/v1/shipments/${id}/void` });
  }

  /** Tries again to buy a label that could not be bought: 202. */
  @RequireScope('shipments:write')
  @Post('shipments/:id/purchase')
  @HttpCode(202)
  tryAgain(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('shipping', { method: 'POST', path: `/v1/shipments/${id}/purchase` });
  }

  /** The papers by which a carrier takes parcels over: 202, made in the background. The same `Idempotency-Key` gives the same manifest. */
  @RequireScope('shipments:write')
  @KeyKeptByService()
  @Post('manifests')
  @HttpCode(202)
  closeOut(@Body() body: unknown, @Headers('idempotency-key') key: string | undefined): Promise<unknown> {
    return this.#post('/v1/manifests', body, key);
  }

  /** The newest manifests, made by themselves or asked for; `shippedOn` names one day. */
  @RequireScope('shipments:read')
  @Get('manifests')
  manifests(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('shipping', { method: 'GET', path: `/v1/manifests${forwardedQuery(query)}` });
  }

  /** A manifest, and its papers once they are made. */
  @RequireScope('shipments:read')
  @Get('manifests/:id')
  manifest(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('shipping', { method: 'GET', path: `/v1/manifests/${id}` });
  }

  #post(path: string, body: unknown, key: string | undefined): Promise<unknown> {
    if (!key) throw new BadRequestException('Send an Idempotency-Key header, so that a repeat buys no second label.');
    return this.internal.call('shipping', { method: 'POST', path, body, headers: { 'idempotency-key': key } });
  }
}
