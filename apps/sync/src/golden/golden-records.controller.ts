import { crmObjectSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { TenantDatabase, tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { listGoldenRecords, lookUpGoldenRecords, type GoldenRecordView } from './golden-records.ts';

const most = 500;
/** @public */
export const listSchema = z.strictObject({
  object: crmObjectSchema,
  limit: z.coerce.number().int().min(1).max(100).default(25),
  /** The last id of the page before. */
  cursor: z.uuid().optional(),
});
/** @public */
export const lookUpSchema = z.strictObject({
  ids: z.array(z.uuid()).max(most).default([]),
  counterparts: z.array(z.strictObject({ connectionId: z.uuid(), object: crmObjectSchema, externalId: z.string().min(1).max(255) })).max(most).default([]),
  naming: z.strictObject({ object: crmObjectSchema, ids: z.array(z.uuid()).max(most), mostOfOne: z.int().min(1).max(100) }).optional(),
});

/** Contacts, companies and deals that are kept in step, as all accounts are to hold them. */
@RequireScope('records:read')
@Controller('v1/golden-records')
export class GoldenRecordsController {
  constructor(private readonly database: TenantDatabase) {}

  @Get()
  async list(@Query() query: unknown): Promise<{ items: GoldenRecordView[]; nextCursor?: string }> {
    const { object, limit, cursor } = listSchema.parse(query);
    const items = await this.database.transaction(tenantContext.require().tenantId, (manager) => listGoldenRecords(manager, { object, after: cursor, limit }));
    const last = items.at(-1);
    return { items, ...(items.length === limit && last && { nextCursor: last.id }) };
  }

  /** By id, by counterparts in accounts, and those that name others; what there is none of is left out. */
  @Post('look-up')
  @HttpCode(200)
  async lookUp(@Body() body: unknown): Promise<{ items: GoldenRecordView[] }> {
    const { naming, ...wanted } = lookUpSchema.parse(body);
    return { items: await this.database.transaction(tenantContext.require().tenantId, (manager) => lookUpGoldenRecords(manager, { ...wanted, naming })) };
  }
}
