import { Body, Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Query, StreamableFile } from '@nestjs/common';
import { CurrentCaller, RequireScope, WithinWorkspace, type Caller } from '@crossdock/service-tokens';
import { CallerWorkspaces } from '../workspaces/caller-workspaces.ts';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient, type InternalCall } from './internal-client.ts';

/** Which samples and other touches brought which revenue, as the attribution service tells it. */
@RequireScope('attribution:read')
@Controller('v1/attribution')
export class AttributionController {
  constructor(private readonly internal: InternalClient, private readonly workspaces: CallerWorkspaces) {}

  /** What a sample is credited with, deal by deal, with the path to each; `model` as in the report. */
  @Get('samples/:shipmentId')
  sample(@Param('shipmentId', ParseUUIDPipe) shipmentId: string, @Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/samples/${shipmentId}${forwardedQuery(query)}` });
  }

  /** The path to a deal, and what each touch of it is credited with. */
  @Get('deals/:dealId')
  deal(@Param('dealId', ParseUUIDPipe) dealId: string, @Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/deals/${dealId}${forwardedQuery(query)}` });
  }

  /** The won deals behind a number of the report, newest close first: `by=channel|campaign|product`, `key`, `model`, `from`, `to`, `limit`, `cursor`. */
  @Get('credited-deals')
  creditedDeals(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/credited-deals${forwardedQuery(query)}` });
  }

  /** How credit came and went, the oldest first: `model`, `dealId`, `limit`, `cursor`. */
  @Get('ledger')
  ledger(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/ledger${forwardedQuery(query)}` });
  }

  /**
   * Models side by side: `by=channel|campaign|product|account|workspace|owner|month`, `models=linear,markov,…`, `from`, `to`, `workspace`, `order`, `limit`,
   * `cursor`. Whoever is bound to a workspace has the report of that one.
   */
  @WithinWorkspace()
  @Get('report')
  async report(@Query() query: unknown, @CurrentCaller() caller: Caller): Promise<unknown> {
    return this.internal.call('attribution', await this.#reportCall('report', query, caller));
  }

  /** The same as a file. */
  @WithinWorkspace()
  @Get('report.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="attribution.csv"')
  async reportAsCsv(@Query() query: unknown, @CurrentCaller() caller: Caller): Promise<unknown> {
    return this.internal.call('attribution', await this.#reportCall('report.csv', query, caller));
  }

  /** The same as an Apache Parquet file. */
  @WithinWorkspace()
  @Get('report.parquet')
  async reportAsParquet(@Query() query: unknown, @CurrentCaller() caller: Caller): Promise<StreamableFile> {
    const file = await this.internal.read('attribution', await this.#reportCall('report.parquet', query, caller));
    return new StreamableFile(file, { type: 'application/vnd.apache.parquet', disposition: 'attachment; filename="attribution.parquet"' });
  }

  /** How many of the samples of a period (`from`, `to`) were delivered, met a deal and led to one that was won. */
  @Get('funnel')
  funnel(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/funnel${forwardedQuery(query)}` });
  }

  /** Samples by month, and what they led to month by month. */
  @Get('cohorts')
  cohorts(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/cohorts${forwardedQuery(query)}` });
  }

  /** How long deals took from their first touch. */
  @Get('time-to-revenue')
  timeToRevenue(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/time-to-revenue${forwardedQuery(query)}` });
  }

  /** Takes up to 500 touches that other systems know of, such as pages seen and campaigns; a touch told again replaces the former. */
  @RequireScope('attribution:write')
  @Post('touches')
  @HttpCode(200)
  touches(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'POST', path: '/v1/attribution/touches', body });
  }

  async #reportCall(name: string, asked: unknown, caller: Caller): Promise<InternalCall> {
    const { query, headers } = await this.workspaces.select(asked, caller);
    return { method: 'GET', path: `/v1/attribution/${name}${query}`, headers };
  }
}
