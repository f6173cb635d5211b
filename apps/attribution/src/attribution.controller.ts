import { Failure } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { reportDeal, reportSample, type DealReport, type SampleReport } from './reports/credit-report.ts';
import { reportAsCsv } from './reports/report-csv.ts';
import { reportQuerySchema } from './reports/report-query.ts';
import { reportRevenue, type RevenueReport } from './reports/revenue-report.ts';

/** How much revenue the tenant's samples and other touches get credit for, read by other services. */
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

  /** Models side by side: by `channel`, `campaign` or `product`, of the deals won within a period. */
  @Get('report')
  report(@Query() query: unknown): Promise<RevenueReport> {
    const wanted = reportQuerySchema.parse(query);
    return this.#database.transaction(tenantContext.require().tenantId, (manager) => reportRevenue(manager, wanted));
  }

  /** The same as a file. */
  @Get('report.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="attribution.csv"')
  async reportAsCsv(@Query() query: unknown): Promise<string> {
    return reportAsCsv(await this.report(query));
  }
}
