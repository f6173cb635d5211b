import { ChangesNothing } from '../audit/audit.interceptor.ts';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { crmObjectSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { CrmAccounts } from './crm-accounts.ts';

/** @public */
export const pathSchema = z.object({ id: z.uuid(), object: crmObjectSchema });

/** The records of a CRM account, as they are there at this moment. */
@Controller('v1/connections/:id/records/:object')
export class RecordsController {
  constructor(private readonly accounts: CrmAccounts) {}

  /**
   * At most 100 records whose `field` (by its canonical name) has one of `values`; 503 when the account does not answer
   * within a second.
   */
  @RequireScope('records:read')
  @ChangesNothing()
  @Post('search')
  @HttpCode(200)
  search(@Param() path: unknown, @Body() body: unknown): Promise<unknown> {
    const { id, object } = pathSchema.parse(path);
    return this.accounts.call(id, { method: 'POST', path: `records/${object}/search`, body, asksVendor: true });
  }
}
