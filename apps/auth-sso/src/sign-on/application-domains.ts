import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { TenantWork } from '../tenant-work.ts';

/** Where a tenant's application is served, and people of that tenant are sent after sign-on. */
export interface ApplicationDomain {
  readonly tenantId: string;
  /** As browsers name it: `app.example.com`, with a port where it is not the usual one. */
  readonly host: string;
  /** With the scheme: `https://app.example.com`. */
  readonly origin: string;
}

/** What the gateway told of a domain. */
export interface DomainChange {
  readonly tenantId: string;
  readonly domain: string;
  readonly isOwned: boolean;
  readonly changedAt: string;
}

const rowSchema = z.object({ tenantId: z.uuid() });
const tenantsSchema = z.array(z.object({ tenantId: z.uuid() }));

/**
 * Where the application of a domain is served: by https at the usual port. Names under `localhost` are this machine, for development; an application
 * there has the scheme and port of the sign-on pages.
 */
export function originOf(domain: string, signOnUrl: string): string {
  if (!domain.endsWith('.localhost')) return `https://${domain}`;
  const { protocol, port } = new URL(signOnUrl);
  return new URL(`${protocol}//${domain}:${port}`).origin;
}

/**
 * Whose application a host is. Of two tenants that were told to have its domain, the later one's; a transaction of a tenant finds that tenant's own domains
 * only. A domain is kept without its port, which follows the sign-on pages wherever they are served next.
 */
export async function findDomain(manager: EntityManager, host: string, signOnUrl: string): Promise<ApplicationDomain | undefined> {
  const named = host.toLowerCase();
  const domain = named.replace(/:\d+$/, '');
  const origin = originOf(domain, signOnUrl);
  if (new URL(origin).host !== named) return undefined;
  const [row] = await manager.query<unknown[]>(
    'SELECT tenant_id AS "tenantId" FROM application_domain WHERE domain = $1 AND is_owned ORDER BY changed_at DESC LIMIT 1', [domain]);
  return row === undefined ? undefined : { ...rowSchema.parse(row), host: named, origin };
}

/** Which host belongs to which tenant, as the gateway tells it: the only hosts that anybody is ever sent to. */
export class ApplicationDomains {
  readonly #work: TenantWork;
  readonly #signOnUrl: string;

  constructor(work: TenantWork, signOnUrl: string) {
    this.#work = work;
    this.#signOnUrl = signOnUrl;
  }

  async find(host: string | undefined): Promise<ApplicationDomain | undefined> {
    return host === undefined ? undefined : this.#work.across((manager) => findDomain(manager, host, this.#signOnUrl));
  }

  /** Every tenant that ever had a domain: nobody else's people can have signed on. */
  async tenants(): Promise<string[]> {
    return tenantsSchema.parse(await this.#work.across((manager) => manager.query('SELECT DISTINCT tenant_id AS "tenantId" FROM application_domain')))
      .map(({ tenantId }) => tenantId);
  }

  /**
   * Keeps what was told, unless something newer is known. The sign-on host is nobody's, whatever is told: no application is served there.
   * @returns whether it was news.
   */
  async keep(manager: EntityManager, { tenantId, domain, isOwned, changedAt }: DomainChange): Promise<boolean> {
    const origin = originOf(domain, this.#signOnUrl);
    if (origin === this.#signOnUrl) return false;
    const kept = await manager.query<unknown[]>(
      `INSERT INTO application_domain (domain, tenant_id, is_owned, changed_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (domain, tenant_id) DO UPDATE SET is_owned = excluded.is_owned, changed_at = excluded.changed_at
         WHERE application_domain.changed_at < excluded.changed_at
       RETURNING 1`,
      [new URL(origin).hostname, tenantId, isOwned, changedAt],
    );
    return kept.length > 0;
  }
}
