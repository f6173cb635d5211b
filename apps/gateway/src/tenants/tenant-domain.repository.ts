import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '@crossdock/tenancy';

/** The domains that belong to one tenant each: what is sent to them is for no other tenant. */
@Injectable()
export class TenantDomainRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** @returns false where the domain is another tenant's. A repeat changes nothing. */
  async add(tenantId: string, domain: string): Promise<boolean> {
    // Whose it is already can only be seen across tenants.
    const [kept] = await this.database.systemTransaction((manager) => manager.query<Array<{ readonly isOwn: boolean }>>(
      `INSERT INTO tenant_domain (domain, tenant_id) VALUES ($1, $2)
       ON CONFLICT (domain) DO UPDATE SET tenant_id = tenant_domain.tenant_id RETURNING tenant_id = $2 AS "isOwn"`,
      [domain, tenantId],
    ));
    return kept?.isOwn === true;
  }

  /** @returns false where the tenant has no such domain. */
  async remove(tenantId: string, domain: string): Promise<boolean> {
    const [, removed] = await this.database.transaction(tenantId, (manager) =>
      manager.query<[unknown, number]>('DELETE FROM tenant_domain WHERE tenant_id = $1 AND domain = $2', [tenantId, domain]));
    return removed > 0;
  }

  async list(tenantId: string): Promise<string[]> {
    const found = await this.database.transaction(tenantId, (manager) =>
      manager.query<Array<{ readonly domain: string }>>('SELECT domain FROM tenant_domain WHERE tenant_id = $1 ORDER BY domain', [tenantId]));
    return found.map(({ domain }) => domain);
  }

  async ownerOf(domain: string): Promise<string | undefined> {
    const [found] = await this.database.systemTransaction((manager) =>
      manager.query<Array<{ readonly tenantId: string }>>('SELECT tenant_id AS "tenantId" FROM tenant_domain WHERE domain = $1', [domain]));
    return found?.tenantId;
  }
}
