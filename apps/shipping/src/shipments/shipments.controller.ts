import { RequireScope } from '@crossdock/service-tokens';
import { BadRequestException, Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { shipmentQuerySchema, type ShipmentPage } from './shipment-page.ts';
import { followRequestSchema, idempotencyKeySchema, returnRequestSchema, shipmentRequestSchema } from './shipment-request.ts';
import { ShipmentService } from './shipment.service.ts';
import type { ShipmentView } from './shipment.view.ts';

/** The tenant's shipments, for other services. */
@Controller('v1')
export class ShipmentsController {
  readonly #shipments: ShipmentService;

  constructor(shipments: ShipmentService) {
    this.#shipments = shipments;
  }

  /** Accepts a shipment: 202; the label is bought in the background. */
  @Post('shipments')
  @HttpCode(202)
  @RequireScope('shipments:write')
  async create(@Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<ShipmentView> {
    return this.#shipments.request(keyOf(key), shipmentRequestSchema.parse(body));
  }

  /** Follows a parcel whose label was bought elsewhere: 202; it is registered in the background. */
  @Post('followed-shipments')
  @HttpCode(202)
  @RequireScope('shipments:write')
  async follow(@Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<ShipmentView> {
    return this.#shipments.follow(keyOf(key), followRequestSchema.parse(body));
  }

  /** Newest first, by order, status or being a sample; a page at a time. */
  @Get('shipments')
  @RequireScope('shipments:read')
  async list(@Query() query: unknown): Promise<ShipmentPage> {
    return this.#shipments.list(shipmentQuerySchema.parse(query));
  }

  @Get('shipments/:id')
  @RequireScope('shipments:read')
  async read(@Param('id') id: string): Promise<ShipmentView> {
    return this.#shipments.read(z.uuid().parse(id));
  }

  /** A label for the way back: 202; it is bought in the background. */
  @Post('shipments/:id/returns')
  @HttpCode(202)
  @RequireScope('shipments:write')
  async requestReturn(@Param('id') id: string, @Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<ShipmentView> {
    return this.#shipments.requestReturn(keyOf(key), z.uuid().parse(id), returnRequestSchema.parse(body ?? {}));
  }

  /** Takes a shipment back before it goes out: 202; its label is given back in the background. A repeat changes nothing. */
  @Post('shipments/:id/void')
  @HttpCode(202)
  @RequireScope('shipments:write')
  async takeBack(@Param('id') id: string): Promise<ShipmentView> {
    return this.#shipments.takeBack(z.uuid().parse(id));
  }

  /** Tries again to buy a label that could not be bought: 202. */
  @Post('shipments/:id/purchase')
  @HttpCode(202)
  @RequireScope('shipments:write')
  async tryAgain(@Param('id') id: string): Promise<ShipmentView> {
    return this.#shipments.tryAgain(z.uuid().parse(id));
  }
}

function keyOf(header: unknown): string {
  const key = idempotencyKeySchema.safeParse(header);
  if (!key.success) {
    throw new BadRequestException('The header Idempotency-Key is required: 1 to 255 visible ASCII characters, one key a shipment.');
  }
  return key.data;
}
