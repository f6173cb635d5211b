import { RequireScope } from '@crossdock/service-tokens';
import { BadRequestException, Body, Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { idempotencyKeySchema, shipmentRequestSchema } from './shipment-request.ts';
import { ShipmentService } from './shipment.service.ts';
import type { ShipmentView } from './shipment.view.ts';

/** The tenant's shipments, for other services. */
@Controller('v1/shipments')
export class ShipmentsController {
  readonly #shipments: ShipmentService;

  constructor(shipments: ShipmentService) {
    this.#shipments = shipments;
  }

  /** Accepts a shipment: 202; the label is bought in the background. */
  @Post()
  @HttpCode(202)
  @RequireScope('shipments:write')
  async create(@Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<ShipmentView> {
    const idempotencyKey = idempotencyKeySchema.safeParse(key);
    if (!idempotencyKey.success) {
      throw new BadRequestException('The header Idempotency-Key is required: 1 to 255 visible ASCII characters, one key a shipment.');
    }
    return this.#shipments.request(idempotencyKey.data, shipmentRequestSchema.parse(body));
  }

  @Get(':id')
  @RequireScope('shipments:read')
  async read(@Param('id') id: string): Promise<ShipmentView> {
    return this.#shipments.read(z.uuid().parse(id));
  }
}
