import { Failure } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { reportDeal, reportSample, type DealReport, type SampleReport } from './credit-report.ts';

/** How much revenue the tenant's samples get credit for, read by other services. */
@Controller('v1/attribution')
@RequireScope('attribution:read')
export class AttributionController {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  @Get('samples/:shipmentId')
  async sample(@Param('shipmentId') shipmentId: string): Promise<SampleReport> {
    const report = await this.#database.transaction(tenantContext.require().tenantId, (manager) =>
      reportSample(manager, z.uuid().parse(shipmentId)));
    if (!report) throw new Failure('not_found', `There is no sample ${shipmentId}.`);
    return report;
  }

  @Get('deals/:dealId')
  async deal(@Param('dealId') dealId: string): Promise<DealReport> {
    const report = await this.#database.transaction(tenantContext.require().tenantId, (manager) =>
      reportDeal(manager, z.uuid().parse(dealId)));
    if (!report) throw new Failure('not_found', `There is no deal ${dealId}.`);
    return report;
  }
}
