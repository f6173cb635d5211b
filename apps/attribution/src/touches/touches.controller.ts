import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { Answers } from '@crossdock/contracts';
import { ToldFacts } from '../told-facts.ts';
import { toldTouchSchema } from './touch.ts';

const mostTouches = 500;
/** @public */
export const bodySchema = z.strictObject({ touches: z.array(toldTouchSchema).min(1).max(mostTouches) });

/** Touches that other systems tell: pages seen, campaigns, activities. */
@Controller('v1/attribution/touches')
@RequireScope('attribution:write')
export class TouchesController {
  constructor(private readonly database: TenantDatabase, private readonly facts: ToldFacts) {}

  /** Takes up to 500 touches, all or none; the deals that they bear on are credited anew within seconds. 422 names what is wrong. */
  @Post()
  @HttpCode(200)
  @Answers(z.object({ taken: z.int() }))
  async take(@Body() body: unknown): Promise<{ taken: number }> {
    const { touches } = bodySchema.parse(body);
    await this.database.transaction(tenantContext.require().tenantId, (manager) => this.facts.takeTouches(manager, touches));
    return { taken: touches.length };
  }
}
