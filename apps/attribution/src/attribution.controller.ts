import { journeyModels } from '@crossdock/attribution-models';
import { Answers, AnswersWithBytes, AnswersWithText, Failure } from '@crossdock/contracts';
import { FeatureFlags } from '@crossdock/feature-flags';
import { RequireScope, workspacesHeader } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Controller, ForbiddenException, Get, Header, Headers, Param, Query, StreamableFile } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { ResultTime } from './credit/result-time.ts';
import { dealModelOf, dealReportSchema, reportDeal, reportSample, sampleReportSchema, type DealReport, type SampleReport } from './reports/credit-report.ts';
import { creditedDealsSchema, listCreditedDeals, type CreditedDeals } from './reports/credited-deals.ts';
import { ledgerPageSchema, readLedger, type LedgerPage } from './reports/ledger.ts';
import { reportAsCsv, reportCsvExample } from './reports/report-csv.ts';
import { linesOf } from './reports/report-lines.ts';
import { reportAsParquet, reportParquetContent } from './reports/report-parquet.ts';
import { creditedDealsQuerySchema, readWorkspaces, reportQuerySchema, type ReportQuery } from './reports/report-query.ts';
import { reportRevenue, revenueReportSchema, type RevenueReport } from './reports/revenue-report.ts';

/** @public */
export const ledgerQuerySchema = z.strictObject({
  model: z.enum(journeyModels).optional(), dealId: z.uuid().optional(),
  cursor: z.string().regex(/^[\dT:.Z-]{24}\/[\da-f-]{36}\/\d{1,9}$/).optional(), limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** @public */
export const modelQuerySchema = z.strictObject({ model: z.enum(journeyModels).optional() });

/** How much revenue the tenant's samples and other touches get credit for. */
@Controller('v1/attribution')
@RequireScope('attribution:read')
export class AttributionController {
  readonly #database: TenantDatabase;
  readonly #flags: FeatureFlags;
  readonly #time: ResultTime;

  constructor(database: TenantDatabase, flags: FeatureFlags, time: ResultTime) {
    this.#database = database;
    this.#flags = flags;
    this.#time = time;
  }

  /** What a sample is credited with, deal by deal, with the path to each; by the tenant's model or the one asked for. */
  @Get('samples/:shipmentId')
  @Answers(sampleReportSchema)
  async sample(@Param('shipmentId') shipmentId: string, @Query() query: unknown): Promise<SampleReport> {
    const model = dealModelOf(modelQuerySchema.parse(query).model);
    const report = await this.#read((manager) => reportSample(manager, z.uuid().parse(shipmentId), model));
    if (!report) throw new Failure('not_found', `There is no sample ${shipmentId}.`);
    return report;
  }

  /** The path to a deal, and what each touch of it is credited with. */
  @Get('deals/:dealId')
  @Answers(dealReportSchema)
  async deal(@Param('dealId') dealId: string, @Query() query: unknown): Promise<DealReport> {
    const model = dealModelOf(modelQuerySchema.parse(query).model);
    const report = await this.#read((manager) => reportDeal(manager, z.uuid().parse(dealId), model));
    if (!report) throw new Failure('not_found', `There is no deal ${dealId}.`);
    return report;
  }

  /** Models side by side: by `channel`, `campaign`, `product`, `account`, `workspace`, `owner` or `month`, of the deals won within a period. */
  @Get('report')
  @Answers(revenueReportSchema)
  report(@Query() query: unknown, @Headers(workspacesHeader) workspaces: string | undefined): Promise<RevenueReport> {
    return this.#report(reportQuerySchema.parse(query), workspaces);
  }

  /** The same as a file. */
  @Get('report.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="attribution.csv"')
  @AnswersWithText('text/csv', reportCsvExample)
  async reportAsCsv(@Query() query: unknown, @Headers(workspacesHeader) workspaces: string | undefined): Promise<string> {
    const report = await this.#report(reportQuerySchema.parse(query), workspaces);
    return reportAsCsv(report.by, linesOf(report));
  }

  /** The same as an Apache Parquet file. */
  @Get('report.parquet')
  @AnswersWithBytes('application/vnd.apache.parquet', reportParquetContent)
  async reportAsParquet(@Query() query: unknown, @Headers(workspacesHeader) workspaces: string | undefined): Promise<StreamableFile> {
    const report = await this.#report(reportQuerySchema.parse(query), workspaces);
    return new StreamableFile(reportAsParquet(report.by, linesOf(report)), { type: 'application/vnd.apache.parquet', disposition: 'attachment; filename="attribution.parquet"' });
  }

  /** The won deals behind a number of the report, newest close first: `by`, `key`, `model`, `from`, `to`, `limit`, `cursor`. */
  @Get('credited-deals')
  @Answers(creditedDealsSchema)
  creditedDeals(@Query() query: unknown): Promise<CreditedDeals> {
    const { model, ...wanted } = creditedDealsQuerySchema.parse(query);
    const dealModel = dealModelOf(model);
    return this.#read((manager) => listCreditedDeals(manager, wanted, dealModel));
  }

  /** How credit came and went: an entry for each time that a deal was credited anew, with what changed for each touch. */
  @Get('ledger')
  @Answers(ledgerPageSchema)
  ledger(@Query() query: unknown): Promise<LedgerPage> {
    const { model, ...wanted } = ledgerQuerySchema.parse(query);
    const dealModel = dealModelOf(model);
    return this.#read((manager) => readLedger(manager, { ...wanted, model: dealModel }));
  }

  async #report(query: ReportQuery, workspaces: string | undefined): Promise<RevenueReport> {
    const wanted = await this.#withoutHeldBack(query);
    return this.#read((manager) => reportRevenue(manager, wanted, { workspaces: readWorkspaces(workspaces), time: this.#time }));
  }

  /** Markov chains may be held back from a tenant. @throws ForbiddenException where nothing else is asked for */
  async #withoutHeldBack(wanted: ReportQuery): Promise<ReportQuery> {
    if (!wanted.models.includes('markov') || await this.#flags.isOn('attribution-markov', tenantContext.require().tenantId)) return wanted;
    const models = wanted.models.filter((model) => model !== 'markov');
    if (models.length === 0) throw new ForbiddenException('Markov chains are not switched on for this tenant; ask whoever runs the hub.');
    return { ...wanted, models };
  }

  #read<Result>(read: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(tenantContext.require().tenantId, read);
  }
}
