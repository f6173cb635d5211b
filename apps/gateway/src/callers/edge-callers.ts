import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ShortMemory } from '@crossdock/connections';
import { CallerResolver, type CallerDirectory, type Principal, type TenantStanding } from '@crossdock/service-tokens';
import { ApiKeyOwners } from '../api-keys/api-key-owners.ts';
import { TenantDomainRepository } from '../tenants/tenant-domain.repository.ts';
import { TenantRepository } from '../tenants/tenant.repository.ts';
import { EndedSessions } from './ended-sessions.ts';

/** How long a change of a tenant's standing or domains goes unnoticed in this process; for look-ups a second longer (`AdmittedCallers`). */
const keptMs = 4_000;
const maxEntries = 10_000;

/** What the gateway knows of callers: keys, domains, tenants' standing. It is asked with every request, so it remembers for seconds. */
@Injectable()
export class EdgeCallers implements CallerDirectory, OnModuleInit {
  readonly #domains = new ShortMemory<{ readonly tenantId?: string }>({ keptMs, maxEntries, nowMs: Date.now });
  readonly #standings = new ShortMemory<TenantStanding>({ keptMs, maxEntries, nowMs: Date.now });

  constructor(
    private readonly callers: CallerResolver,
    private readonly keys: ApiKeyOwners,
    private readonly tenantDomains: TenantDomainRepository,
    private readonly tenants: TenantRepository,
    private readonly endedSessions: EndedSessions,
  ) {}

  onModuleInit(): void {
    this.callers.consult(this);
  }

  ownerOfKey(key: string): Promise<Principal | undefined> {
    return this.keys.find(key);
  }

  async tenantOfDomain(domain: string): Promise<string | undefined> {
    const known = await this.#domains.get(domain, async () => {
      const tenantId = await this.tenantDomains.ownerOf(domain);
      return tenantId === undefined ? {} : { tenantId };
    });
    return known?.tenantId;
  }

  /** A tenant that nobody made has nothing that could be reached. */
  async standingOf(tenantId: string): Promise<TenantStanding> {
    const standing = await this.#standings.get(tenantId, async () => {
      const state = (await this.tenants.find(tenantId))?.state ?? 'active';
      return state === 'erased' ? 'deleted' : state;
    });
    return standing ?? 'active';
  }

  isSessionOver(sessionId: string, tenantId: string): Promise<boolean> {
    return this.endedSessions.has(sessionId, tenantId);
  }
}
