import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { RequireScope } from '@crossdock/service-tokens';
import { CrmAccounts } from './crm-accounts.ts';

/** How far a CRM account is prepared and what it allows, as the service of its vendor tells it. */
@Controller('v1/connections/:id/set-up')
export class SetUpController {
  constructor(private readonly accounts: CrmAccounts) {}

  /** 404 for a connection that the tenant does not have, or that needs no set-up. */
  @RequireScope('connections:read')
  @Get()
  find(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.accounts.call(id, { method: 'GET', path: 'set-up' });
  }

  /** Goes through the steps once more. */
  @RequireScope('connections:write')
  @Post()
  @HttpCode(202)
  begin(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.accounts.call(id, { method: 'POST', path: 'set-up' });
  }
}
