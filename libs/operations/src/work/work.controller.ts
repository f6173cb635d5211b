import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { Answers } from '@crossdock/contracts';
import { listOpenWork, openTaskSchema, type OpenTask } from './open-work.ts';

const searchSchema = z.strictObject({ correlationIds: z.array(z.uuid()).min(1).max(1_000) });

/** A tenant's work in this service that is not done yet. The gateway shows that of all services together. */
@RequireScope('lineage:read')
@Controller('v1/own-work')
export class WorkController {
  constructor(private readonly database: TenantDatabase) {}

  /** What these causes led to and is still open: 200 tasks at most. */
  @Post('search')
  @HttpCode(200)
  @Answers(z.object({ items: z.array(openTaskSchema) }))
  async search(@Body() body: unknown): Promise<{ items: OpenTask[] }> {
    const { correlationIds } = searchSchema.parse(body);
    return { items: await this.database.transaction(tenantContext.require().tenantId, (manager) => listOpenWork(manager, correlationIds)) };
  }
}
