import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { findShipmentsOfOrders } from './shipment.repository.ts';
import type { ShipmentPage } from './shipment-page.ts';
import { viewShipmentInList } from './shipment.view.ts';

/** @public */
export const lookUpSchema = z.strictObject({ orderIds: z.array(z.uuid()).min(1).max(500) });

/** Shipments by what others know them by, many at once. */
@Controller('v1/shipments/look-up')
export class ShipmentLookUpController {
  constructor(private readonly database: TenantDatabase) {}

  /** The newest shipments of each of these orders, at most 20 of one, without their tracking. */
  @RequireScope('shipments:read')
  @Post()
  @HttpCode(200)
  async find(@Body() body: unknown): Promise<Pick<ShipmentPage, 'shipments'>> {
    const { orderIds } = lookUpSchema.parse(body);
    const found = await this.database.transaction(tenantContext.require().tenantId, (manager) => findShipmentsOfOrders(manager, orderIds, 20));
    return { shipments: found.map(viewShipmentInList) };
  }
}
