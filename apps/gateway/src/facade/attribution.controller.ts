import { Body, Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { RequireScope } from '@crossdock/service-tokens';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient } from './internal-client.ts';

/** Which samples and other touches brought which revenue, as the attribution service tells it. */
@RequireScope('attribution:read')
@Controller('v1/attribution')
export class AttributionController {
  constructor(private readonly internal: InternalClient) {}

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

  /** How credit came and went, the oldest first: `model`, `dealId`, `limit`, `cursor`. */
  @Get('ledger')
  ledger(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/ledger${forwardedQuery(query)}` });
  }

  /** Models side by side: `by=channel|campaign|product|account|owner|month`, `models=linear,markov,…`, `from`, `to`, `order`, `limit`, `cursor`. */
  @Get('report')
  report(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/report${forwardedQuery(query)}` });
  }

  @Get('report.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="attribution.csv"')
  reportAsCsv(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `/v1/attribution/report.csv${forwardedQuery(query)}` });
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
}
