import { Injectable, NotFoundException } from '@nestjs/common';
import { ConnectionStore } from '@crossdock/connections';
import { crmVendorSchema } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import { InternalClient, type InternalCall } from './internal-client.ts';

/** Leads what callers ask of a CRM account to the service of its vendor. */
@Injectable()
export class CrmAccounts {
  constructor(private readonly internal: InternalClient, private readonly connections: ConnectionStore) {}

  /**
   * @param call with the path under the connection's own.
   * @throws NotFoundException for a connection that the tenant does not have, or that is none to a CRM; as `InternalClient.call`.
   */
  async call(id: string, { path, ...call }: InternalCall): Promise<unknown> {
    const connection = await this.connections.find(tenantContext.require().tenantId, id);
    const vendor = crmVendorSchema.safeParse(connection?.vendor);
    if (!vendor.success) throw new NotFoundException(`The tenant has no connection ${id} to a CRM.`);
    return this.internal.call(`crm-${vendor.data}`, { ...call, path: `/v1/connections/${id}/${path}` });
  }
}
