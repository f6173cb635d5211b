import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { tenantDomainChanged } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/** The domains that belong to one tenant each: what is sent to them is for no other tenant. Sign-on hears of each change. */
@Injectable()
export class TenantDomainRepository {
  constructor(private readonly database: TenantDatabase, private readonly publisher: EventPublisher) {}

  /** @returns false where the domain is another tenant's. A repeat changes nothing. */
  async add(tenantId: string, domain: string): Promise<boolean> {
    // Whose it is already can only be seen across tenants.
    return this.database.systemTransaction(async (manager) => {
      const added = await manager.query<unknown[]>('INSERT INTO tenant_domain (domain, tenant_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING domain', [domain, tenantId]);
      if (added.length > 0) await this.#tell(manager, tenantId, { domain, isOwned: true });
      const [kept] = await manager.query<Array<{ readonly isOwn: boolean }>>('SELECT tenant_id = $2 AS "isOwn" FROM tenant_domain WHERE domain = $1', [domain, tenantId]);
      return kept?.isOwn === true;
    });
  }

  /** @returns false where the tenant has no such domain. */
  async remove(tenantId: string, domain: string): Promise<boolean> {
    return this.database.transaction(tenantId, async (manager) => {
      const [, removed] = await manager.query<[unknown, number]>('DELETE FROM tenant_domain WHERE tenant_id = $1 AND domain = $2', [tenantId, domain]);
      if (removed > 0) await this.#tell(manager, tenantId, { domain, isOwned: false });
      return removed > 0;
    });
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

  async #tell(manager: EntityManager, tenantId: string, change: { readonly domain: string; readonly isOwned: boolean }): Promise<void> {
    await tenantContext.run({ tenantId, correlationId: randomUUID() }, () =>
      this.publisher.publish(manager, tenantDomainChanged, { subject: `domain/${change.domain}`, data: { ...change, changedAt: new Date().toISOString() } }));
  }
}
