import { Controller, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ConnectionStore } from '@crossdock/connections';
import { crmVendorSchema } from '@crossdock/contracts';
import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { InternalClient } from './internal-client.ts';

/** How far a CRM account is prepared and what it allows, as the service of its vendor tells it. */
@Controller('v1/connections/:id/set-up')
export class SetUpController {
  constructor(private readonly internal: InternalClient, private readonly connections: ConnectionStore) {}

  /** 404 for a connection that the tenant does not have, or that needs no set-up. */
  @RequireScope('connections:read')
  @Get()
  find(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.#forward('GET', id);
  }

  /** Goes through the steps once more. */
  @RequireScope('connections:write')
  @Post()
  @HttpCode(202)
  begin(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.#forward('POST', id);
  }

  async #forward(method: 'GET' | 'POST', id: string): Promise<unknown> {
    const connection = await this.connections.find(tenantContext.require().tenantId, id);
    const vendor = crmVendorSchema.safeParse(connection?.vendor);
    if (!vendor.success) throw new NotFoundException(`The tenant has no connection ${id} to a CRM.`);
    return this.internal.call(`crm-${vendor.data}`, { method, path: `/v1/connections/${id}/set-up` });
  }
}
