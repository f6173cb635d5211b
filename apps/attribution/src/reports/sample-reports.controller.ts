import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Controller, Get, Query } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Answers } from '@crossdock/contracts';
import { z } from 'zod';
import { periodQuerySchema } from './report-query.ts';
import {
  readCohorts, readFunnel, readTimeToRevenue, sampleCohortSchema, sampleFunnelSchema, timeToRevenueSchema, type SampleCohort, type SampleFunnel, type TimeToRevenue,
} from './sample-reports.ts';

/** From samples to revenue, for the days of a period (`from`, `to`). */
@Controller('v1/attribution')
@RequireScope('attribution:read')
export class SampleReportsController {
  constructor(private readonly database: TenantDatabase) {}

  /** How many of the period's samples were delivered, met a deal and led to one that was won. */
  @Get('funnel')
  @Answers(sampleFunnelSchema)
  funnel(@Query() query: unknown): Promise<SampleFunnel> {
    const period = periodQuerySchema.parse(query);
    return this.#read((manager) => readFunnel(manager, period));
  }

  /** The period's samples by month, and what they led to month by month. */
  @Get('cohorts')
  @Answers(z.object({ items: z.array(sampleCohortSchema) }))
  async cohorts(@Query() query: unknown): Promise<{ items: SampleCohort[] }> {
    const period = periodQuerySchema.parse(query);
    return { items: await this.#read((manager) => readCohorts(manager, period)) };
  }

  /** How long the deals won within the period took from their first touch. */
  @Get('time-to-revenue')
  @Answers(timeToRevenueSchema)
  timeToRevenue(@Query() query: unknown): Promise<TimeToRevenue> {
    const period = periodQuerySchema.parse(query);
    return this.#read((manager) => readTimeToRevenue(manager, period));
  }

  #read<Result>(read: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.database.transaction(tenantContext.require().tenantId, read);
  }
}
