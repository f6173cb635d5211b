import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '@crossdock/tenancy';
import { v7 as uuid } from 'uuid';

export interface Tenant {
  readonly id: string;
  /** Short name for addresses; unique. */
  readonly slug: string;
  readonly name: string;
  readonly state: 'active' | 'suspended';
}

const columns = 'tenant_id AS id, slug, name, state';

@Injectable()
export class TenantRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** @returns undefined where the slug is taken. */
  async create({ slug, name }: Pick<Tenant, 'slug' | 'name'>): Promise<Tenant | undefined> {
    const id = uuid();
    // Whether a slug is taken can only be seen across tenants.
    const [created] = await this.database.systemTransaction((manager) => manager.query<Tenant[]>(
      `INSERT INTO tenant (tenant_id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING RETURNING ${columns}`,
      [id, slug, name],
    ));
    return created;
  }

  async find(id: string): Promise<Tenant | undefined> {
    const [found] = await this.database.transaction(id, (manager) =>
      manager.query<Tenant[]>(`SELECT ${columns} FROM tenant WHERE tenant_id = $1`, [id]));
    return found;
  }
}
