import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Controller, Get, Query } from '@nestjs/common';
import { Answers } from '@crossdock/contracts';
import { lineageQuerySchema } from './lineage-query.ts';
import { lineageOf, lineageSchema, type Lineage } from './lineage.ts';

/** The way of a record through the services, read by the gateway. */
@Controller('v1/lineage')
@RequireScope('lineage:read')
export class LineageController {
  constructor(private readonly database: TenantDatabase) {}

  /** Oldest first: `record`, `limit`, `cursor`. */
  @Get()
  @Answers(lineageSchema)
  lineage(@Query() query: unknown): Promise<Lineage> {
    const wanted = lineageQuerySchema.parse(query);
    return this.database.transaction(tenantContext.require().tenantId, (manager) => lineageOf(manager, wanted));
  }
}
