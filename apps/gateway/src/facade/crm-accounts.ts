import { Injectable, NotFoundException } from '@nestjs/common';
import { ConnectionStore, ShortMemory } from '@crossdock/connections';
import { crmVendorSchema, type CrmVendor, type ServiceName } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import { InternalClient, type InternalCall } from './internal-client.ts';

/** Whose a connection is and at which vendor never changes, and the service behind knows whether it still is there. */
const keptMs = 60_000;

/** Leads what callers ask of a CRM account to the service of its vendor. */
@Injectable()
export class CrmAccounts {
  readonly #vendors = new ShortMemory<CrmVendor>({ keptMs, maxEntries: 10_000, nowMs: Date.now });

  constructor(private readonly internal: InternalClient, private readonly connections: ConnectionStore) {}

  /**
   * @param call with the path under the connection's own.
   * @throws NotFoundException for a connection that the tenant does not have, or that is none to a CRM; as `InternalClient.call`.
   */
  async call(id: string, { path, ...call }: InternalCall): Promise<unknown> {
    return this.internal.call(await this.#serviceOf(id), { ...call, path: `/v1/connections/${id}/${path}` });
  }

  /** The same where the answer goes on as it is. @returns its JSON text. */
  async text(id: string, { path, ...call }: InternalCall): Promise<string> {
    const vendor = this.#vendors.known(this.#keyOf(id));
    return this.internal.text(vendor === undefined ? await this.#serviceOf(id) : `crm-${vendor}`, { ...call, path: `/v1/connections/${id}/${path}` });
  }

  #keyOf(id: string): string {
    return `${tenantContext.require().tenantId} ${id}`;
  }

  async #serviceOf(id: string): Promise<ServiceName> {
    const { tenantId } = tenantContext.require();
    const vendor = await this.#vendors.get(this.#keyOf(id), async () => crmVendorSchema.safeParse((await this.connections.find(tenantId, id))?.vendor).data);
    if (vendor === undefined) throw new NotFoundException(`The tenant has no connection ${id} to a CRM.`);
    return `crm-${vendor}`;
  }
}
