import { Answers, crmObjectSchema, timestampSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { foundRecordSchema, RecordSearch, type FoundRecord } from './record-search.ts';

const pathSchema = z.object({ id: z.uuid(), object: crmObjectSchema });
/** Where the account did not answer, or need not, the gateway tells what it said before, and when that was. */
const foundRecordsSchema = z.object({ records: z.array(foundRecordSchema), asOf: timestampSchema.exactOptional(), stale: z.literal(true).exactOptional() });
/** @public */
export const searchSchema = z.strictObject({ field: z.string().min(1).max(100), values: z.array(z.string().min(1).max(255)).min(1).max(100) });

/** Looks records up in an account at once. */
@Controller('v1/connections/:id/records/:object')
export class RecordSearchController {
  constructor(private readonly search: RecordSearch) {}

  /** By a canonical field or one of the tenant's own, in any case where it is an e-mail; 503 when the account takes longer than a second. */
  @RequireScope('records:read')
  @Post('search')
  @HttpCode(200)
  @Answers(foundRecordsSchema)
  async find(@Param() path: unknown, @Body() body: unknown): Promise<{ readonly records: FoundRecord[] }> {
    const { id: connectionId, object } = pathSchema.parse(path);
    const { tenantId } = tenantContext.require();
    return { records: await this.search.find({ tenantId, connectionId, object }, searchSchema.parse(body)) };
  }
}
