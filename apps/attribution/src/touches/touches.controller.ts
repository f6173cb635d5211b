import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { AttributionService } from '../attribution.service.ts';
import { toldTouchSchema } from './touch.ts';

const mostTouches = 500;
/** @public */
export const bodySchema = z.strictObject({ touches: z.array(toldTouchSchema).min(1).max(mostTouches) });

/** Touches that other systems tell: pages seen, campaigns, activities. */
@Controller('v1/attribution/touches')
@RequireScope('attribution:write')
export class TouchesController {
  constructor(private readonly database: TenantDatabase, private readonly attribution: AttributionService) {}

  /** Takes up to 500 touches, all or none; the deals of their contacts are credited anew before the answer. 422 names what is wrong. */
  @Post()
  @HttpCode(200)
  async take(@Body() body: unknown): Promise<{ taken: number }> {
    const { touches } = bodySchema.parse(body);
    await this.database.transaction(tenantContext.require().tenantId, (manager) => this.attribution.takeTouches(manager, touches));
    return { taken: touches.length };
  }
}
