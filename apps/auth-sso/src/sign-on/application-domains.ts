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

const isLocal = (hostname: string): boolean => hostname === 'localhost' || hostname.endsWith('.localhost');

/** An origin that people may be sent to: https, or this machine for development. */
export const originSchema = z.url({ protocol: /^https?$/ }).max(300).refine((text) => {
  const url = new URL(text);
  return url.origin === text && (url.protocol === 'https:' || isLocal(url.hostname));
}, 'must be an origin such as https://app.example.com, without a path');

const rowSchema = z.object({ tenantId: z.uuid(), host: z.string(), origin: z.string() });
const columns = 'tenant_id AS "tenantId", host, origin';

/** Whose host it is. A transaction of a tenant finds that tenant's own hosts only. */
export async function findDomain(manager: EntityManager, host: string): Promise<ApplicationDomain | undefined> {
  const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM application_domain WHERE host = $1`, [host.toLowerCase()]);
  return row === undefined ? undefined : rowSchema.parse(row);
}

/** Which host belongs to which tenant: the only hosts that anybody is ever sent to. */
export class ApplicationDomains {
  readonly #work: TenantWork;

  constructor(work: TenantWork) {
    this.#work = work;
  }

  async find(host: string | undefined): Promise<ApplicationDomain | undefined> {
    return host === undefined ? undefined : this.#work.across((manager) => findDomain(manager, host));
  }

  async list(tenantId: string): Promise<ApplicationDomain[]> {
    const rows = await this.#work.run(tenantId, (manager) => manager.query<unknown[]>(`SELECT ${columns} FROM application_domain WHERE tenant_id = $1 ORDER BY host`, [tenantId]));
    return rows.map((row) => rowSchema.parse(row));
  }

  /** @returns undefined where the host belongs to another tenant. */
  async add(tenantId: string, origin: string): Promise<ApplicationDomain | undefined> {
    const { host } = new URL(origin);
    const [row] = await this.#work.across((manager) => manager.query<unknown[]>(
      `INSERT INTO application_domain (host, tenant_id, origin) VALUES ($1, $2, $3)
       ON CONFLICT (host) DO UPDATE SET origin = excluded.origin WHERE application_domain.tenant_id = excluded.tenant_id RETURNING ${columns}`,
      [host, tenantId, origin],
    ));
    return row === undefined ? undefined : rowSchema.parse(row);
  }

  /** @returns whether the tenant had it. */
  async remove(tenantId: string, host: string): Promise<boolean> {
    const removed = await this.#work.run(tenantId, (manager) => manager.query<unknown[]>(
      'WITH gone AS (DELETE FROM application_domain WHERE host = $1 AND tenant_id = $2 RETURNING 1) SELECT * FROM gone', [host.toLowerCase(), tenantId]));
    return removed.length > 0;
  }
}
