import { RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Answers } from '@crossdock/contracts';
import { rateQuotesSchema, RateQuoting, type RateQuotes } from '../labels/rate-quotes.ts';
import { ShipmentBatches, shipmentBatchSchema, takenBatchSchema, type ShipmentBatch } from './shipment-batch.ts';
import { shipmentPageSchema, shipmentQuerySchema, type ShipmentPage } from './shipment-page.ts';
import { followRequestSchema, requiredIdempotencyKey, returnRequestSchema, shipmentRequestSchema } from './shipment-request.ts';
import { ShipmentService } from './shipment.service.ts';
import { shipmentViewSchema, type ShipmentView } from './shipment.view.ts';

/** The tenant's shipments, for other services. */
@Controller('v1')
export class ShipmentsController {
  readonly #shipments: ShipmentService;
  readonly #batches: ShipmentBatches;
  readonly #quotes: RateQuoting;

  constructor(shipments: ShipmentService, batches: ShipmentBatches, quotes: RateQuoting) {
    this.#shipments = shipments;
    this.#batches = batches;
    this.#quotes = quotes;
  }

  /** What carriers ask for a parcel; nothing is bought. The body is that of a shipment. */
  @Post('rates')
  @HttpCode(200)
  @RequireScope('shipments:read')
  @Answers(rateQuotesSchema)
  async quote(@Body() body: unknown): Promise<RateQuotes> {
    return this.#quotes.quote(shipmentRequestSchema.parse(body));
  }

  /** Accepts up to 100 shipments, each by itself: 202 with what became of each; `GET /v1/shipments?batchId=` tells how far they are. */
  @Post('shipment-batches')
  @HttpCode(202)
  @RequireScope('shipments:write')
  @Answers(takenBatchSchema)
  async createMany(@Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<ShipmentBatch> {
    return this.#batches.request(requiredIdempotencyKey(key), shipmentBatchSchema.parse(body));
  }

  /** Accepts a shipment: 202; the label is bought in the background. */
  @Post('shipments')
  @HttpCode(202)
  @RequireScope('shipments:write')
  @Answers(shipmentViewSchema)
  async create(@Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<ShipmentView> {
    return this.#shipments.request(requiredIdempotencyKey(key), shipmentRequestSchema.parse(body));
  }

  /** Follows a parcel whose label was bought elsewhere: 202; it is registered in the background. */
  @Post('followed-shipments')
  @HttpCode(202)
  @RequireScope('shipments:write')
  @Answers(shipmentViewSchema)
  async follow(@Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<ShipmentView> {
    return this.#shipments.follow(requiredIdempotencyKey(key), followRequestSchema.parse(body));
  }

  /** Newest first, by order, status or being a sample; a page at a time. */
  @Get('shipments')
  @RequireScope('shipments:read')
  @Answers(shipmentPageSchema)
  async list(@Query() query: unknown): Promise<ShipmentPage> {
    return this.#shipments.list(shipmentQuerySchema.parse(query));
  }

  @Get('shipments/:id')
  @RequireScope('shipments:read')
  @Answers(shipmentViewSchema)
  async read(@Param('id') id: string): Promise<ShipmentView> {
    return this.#shipments.read(z.uuid().parse(id));
  }

  /** A label for the way back: 202; it is bought in the background. */
  @Post('shipments/:id/returns')
  @HttpCode(202)
  @RequireScope('shipments:write')
  @Answers(shipmentViewSchema)
  async requestReturn(@Param('id') id: string, @Headers('idempotency-key') key: unknown, @Body() body: unknown): Promise<ShipmentView> {
    return this.#shipments.requestReturn(requiredIdempotencyKey(key), z.uuid().parse(id), returnRequestSchema.parse(body ?? {}));
  }

  /** Takes a shipment back before it goes out: 202; its label is given back in the background. A repeat changes nothing. */
  @Post('shipments/:id/void')
  @HttpCode(202)
  @RequireScope('shipments:write')
  @Answers(shipmentViewSchema)
  async takeBack(@Param('id') id: string): Promise<ShipmentView> {
    return this.#shipments.takeBack(z.uuid().parse(id));
  }

  /** Tries again to buy a label that could not be bought: 202. */
  @Post('shipments/:id/purchase')
  @HttpCode(202)
  @RequireScope('shipments:write')
  @Answers(shipmentViewSchema)
  async tryAgain(@Param('id') id: string): Promise<ShipmentView> {
    return this.#shipments.tryAgain(z.uuid().parse(id));
  }
}
