import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '@crossdock/tenancy';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { storedTimeSchema } from '@crossdock/contracts';

/** A part of a tenant, such as a brand or a country, that connections belong to. */
export const workspaceSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The connections that belong to it. */
  connectionIds: z.array(z.uuid()),
  createdAt: storedTimeSchema,
}).meta({ id: 'Workspace' });
export type Workspace = z.infer<typeof workspaceSchema>;

const selected = `SELECT workspace_id AS id, name, created_at AS "createdAt",
    ARRAY(SELECT connection_id FROM workspace_connection AS own WHERE own.workspace_id = workspace.workspace_id ORDER BY connection_id) AS "connectionIds"
  FROM workspace`;

@Injectable()
export class WorkspaceRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Oldest first. */
  async list(tenantId: string): Promise<Workspace[]> {
    return z.array(workspaceSchema).parse(await this.database.transaction(tenantId, (manager) => manager.query(`${selected} WHERE tenant_id = $1 ORDER BY workspace_id`, [tenantId])));
  }

  async find(tenantId: string, id: string): Promise<Workspace | undefined> {
    const rows = await this.database.transaction(tenantId, (manager) => manager.query<unknown[]>(`${selected} WHERE tenant_id = $1 AND workspace_id = $2`, [tenantId, id]));
    return z.array(workspaceSchema).parse(rows)[0];
  }

  /** @returns undefined where the name is taken. */
  async create(tenantId: string, name: string): Promise<Workspace | undefined> {
    const id = uuid();
    const created = await this.database.transaction(tenantId, (manager) => manager.query<unknown[]>(
      'INSERT INTO workspace (workspace_id, tenant_id, name) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, name) DO NOTHING RETURNING workspace_id', [id, tenantId, name]));
    return created.length > 0 ? this.find(tenantId, id) : undefined;
  }

  /** Its connections belong to none then. @returns false where the tenant has no such workspace. */
  async delete(tenantId: string, id: string): Promise<boolean> {
    const [, deleted] = await this.database.transaction(tenantId, (manager) =>
      manager.query<[unknown, number]>('DELETE FROM workspace WHERE tenant_id = $1 AND workspace_id = $2', [tenantId, id]));
    return deleted > 0;
  }

  /** Takes a connection into a workspace, out of the one that it belonged to. @returns false where the tenant has no such workspace. */
  async take(tenantId: string, id: string, connectionId: string): Promise<boolean> {
    const taken = await this.database.transaction(tenantId, (manager) => manager.query<unknown[]>(
      `INSERT INTO workspace_connection (connection_id, tenant_id, workspace_id) SELECT $3, $1, workspace_id FROM workspace WHERE tenant_id = $1 AND workspace_id = $2
       ON CONFLICT (connection_id) DO UPDATE SET workspace_id = excluded.workspace_id RETURNING connection_id`,
      [tenantId, id, connectionId],
    ));
    return taken.length > 0;
  }

  /** A repeat changes nothing. */
  async letGo(tenantId: string, id: string, connectionId: string): Promise<void> {
    await this.database.transaction(tenantId, (manager) =>
      manager.query('DELETE FROM workspace_connection WHERE tenant_id = $1 AND workspace_id = $2 AND connection_id = $3', [tenantId, id, connectionId]));
  }
}
