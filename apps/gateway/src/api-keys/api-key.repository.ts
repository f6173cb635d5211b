import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '@crossdock/tenancy';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { storedTimeSchema } from '@crossdock/contracts';
import { newApiKey, type NewApiKey } from './api-key.ts';

/** A key as its tenant sees it. Times are ISO 8601 in UTC. */
export const apiKeyViewSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** How the key begins, so that one can tell which it is. */
  prefix: z.string(),
  scopes: z.array(z.string()),
  /** The one workspace that the key sees; nothing where it sees all of the tenant. */
  workspaceId: z.uuid().nullable(),
  createdBy: z.string(),
  createdAt: storedTimeSchema,
  expiresAt: storedTimeSchema,
  /** To the minute; nothing where it was never used. */
  lastUsedAt: storedTimeSchema.nullable(),
  revokedAt: storedTimeSchema.nullable(),
}).meta({ id: 'ApiKey' });
export type ApiKeyView = z.infer<typeof apiKeyViewSchema>;

/** What tells whether a key holds, and for whom. */
export interface HeldApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly secretHash: Buffer;
  readonly scopes: readonly string[];
  readonly workspaceId: string | null;
  readonly expiresAt: Date;
}

export interface ApiKeyWish {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresInDays: number;
  readonly workspaceId?: string | undefined;
}

const columns = `key_id AS id, name, prefix, scopes, workspace_id AS "workspaceId", created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

/** More keys that hold than anybody can keep an eye on. */
export const maxKeysOfTenant = 100;

@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** @returns undefined where the tenant has as many keys that hold as it may have. */
  async create(tenantId: string, { name, scopes, expiresInDays, workspaceId }: ApiKeyWish, createdBy: string): Promise<(ApiKeyView & Pick<NewApiKey, 'key'>) | undefined> {
    const { key, prefix, secretHash } = newApiKey();
    return this.database.transaction(tenantId, async (manager) => {
      const created = z.array(apiKeyViewSchema).parse(await manager.query(
        `INSERT INTO api_key (key_id, tenant_id, name, prefix, secret_hash, scopes, created_by, expires_at, workspace_id)
         SELECT $1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8), $10
         WHERE (SELECT count(*) FROM api_key WHERE tenant_id = $2 AND revoked_at IS NULL AND expires_at > now()) < $9 RETURNING ${columns}`,
        [uuid(), tenantId, name, prefix, secretHash, scopes, createdBy, expiresInDays, maxKeysOfTenant, workspaceId ?? null],
      ));
      return created[0] && { ...created[0], key };
    });
  }

  /** Newest first, those that were revoked or have expired as well; `before` is the id of the last one seen. */
  async list(tenantId: string, { limit, before }: { readonly limit: number; readonly before?: string | undefined }): Promise<ApiKeyView[]> {
    return z.array(apiKeyViewSchema).parse(await this.database.transaction(tenantId, (manager) => manager.query(
      `SELECT ${columns} FROM api_key WHERE tenant_id = $1 AND ($2::uuid IS NULL OR key_id < $2) ORDER BY key_id DESC LIMIT $3`,
      [tenantId, before ?? null, limit],
    )));
  }

  /** A repeat changes nothing. @returns false where the tenant has no such key. */
  async revoke(tenantId: string, id: string, revokedBy: string): Promise<boolean> {
    const [, changed] = await this.database.transaction(tenantId, (manager) => manager.query<[unknown, number]>(
      `UPDATE api_key SET revoked_at = coalesce(revoked_at, now()), revoked_by = coalesce(revoked_by, $3) WHERE tenant_id = $1 AND key_id = $2`,
      [tenantId, id, revokedBy],
    ));
    return changed > 0;
  }

  /** Whose key begins so, if it was not revoked. Only looking across tenants can tell. */
  async findByPrefix(prefix: string): Promise<HeldApiKey | undefined> {
    const [found] = await this.database.systemTransaction((manager) => manager.query<HeldApiKey[]>(
      `SELECT key_id AS id, tenant_id AS "tenantId", secret_hash AS "secretHash", scopes, workspace_id AS "workspaceId", expires_at AS "expiresAt"
       FROM api_key WHERE prefix = $1 AND revoked_at IS NULL`,
      [prefix],
    ));
    return found;
  }

  async noteUse({ id, tenantId }: Pick<HeldApiKey, 'id' | 'tenantId'>): Promise<void> {
    await this.database.transaction(tenantId, (manager) =>
      manager.query('UPDATE api_key SET last_used_at = now() WHERE tenant_id = $1 AND key_id = $2', [tenantId, id]));
  }
}
