import type { EntityManager } from 'typeorm';

/** What was said of a tenant, and by which of its changes. */
export interface TenantStandingNews {
  readonly tenantId: string;
  /** The work of a tenant that is not `active` rests: none is begun, and none is lost. */
  readonly state: string;
  readonly version: number;
}

/** Keeps what was said of a tenant. @returns false where something newer is known. */
export async function keepTenantStanding(manager: EntityManager, { tenantId, state, version }: TenantStandingNews): Promise<boolean> {
  const kept = await manager.query<unknown[]>(
    `INSERT INTO tenant_standing (tenant_id, state, version) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id) DO UPDATE SET state = excluded.state, version = excluded.version WHERE tenant_standing.version < excluded.version
     RETURNING tenant_id`,
    [tenantId, state, version],
  );
  return kept.length > 0;
}
