import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { storedTimeSchema } from '@crossdock/contracts';
import { newSecret, readSecret } from '../browser/carried-secret.ts';
import type { TenantWork } from '../tenant-work.ts';
import { ScimError } from './scim-error.ts';

/** A token of a provisioning client, without the token itself. Times are ISO 8601 in UTC with milliseconds. */
export const scimTokenSchema = z.object({ tokenId: z.uuid(), name: z.string(), madeAt: storedTimeSchema, expiresAt: storedTimeSchema, lastUsedAt: storedTimeSchema.nullable() });
export type ScimToken = z.infer<typeof scimTokenSchema>;

const columns = 'token_id AS "tokenId", name, made_at AS "madeAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt"';
/** The time of the last use is kept to the minute. */
const useNotedMs = 60_000;

/** Who provisions, for which tenant. */
export interface ScimClient {
  readonly tenantId: string;
  readonly tokenId: string;
}

/** Bearer tokens of clients that provision people. Several may hold at once, so that one is exchanged without a gap. */
export class ScimTokens {
  readonly #work: TenantWork;
  readonly #now: () => Date;

  constructor(work: TenantWork, now: () => Date) {
    this.#work = work;
    this.#now = now;
  }

  /** Makes a token. Its text is told here and never again. */
  async make(manager: EntityManager, tenantId: string, { name, expiresAt }: { readonly name: string; readonly expiresAt: Date }): Promise<{ readonly token: ScimToken; readonly text: string }> {
    const secret = newSecret(tenantId);
    const [row] = await manager.query<unknown[]>(
      `INSERT INTO scim_token (token_hash, tenant_id, token_id, name, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${columns}`,
      [secret.hash, tenantId, uuid(), name, this.#now(), expiresAt],
    );
    return { token: scimTokenSchema.parse(row), text: secret.text };
  }

  async list(manager: EntityManager): Promise<ScimToken[]> {
    return (await manager.query<unknown[]>(`SELECT ${columns} FROM scim_token ORDER BY made_at`)).map((row) => scimTokenSchema.parse(row));
  }

  /** @returns whether there was one. */
  async revoke(manager: EntityManager, tokenId: string): Promise<boolean> {
    const gone = await manager.query<unknown[]>('WITH gone AS (DELETE FROM scim_token WHERE token_id = $1 RETURNING 1) SELECT * FROM gone', [tokenId]);
    return gone.length > 0;
  }

  /** Who sends a request with this `Authorization` header. @throws ScimError 401 */
  async authenticate(authorization: string | undefined): Promise<ScimClient> {
    const claimed = readSecret(/^Bearer ([\w.-]{1,200})$/i.exec(authorization ?? '')?.[1]);
    const token = claimed && await this.#work.run(claimed.tenantId, (manager) => this.#use(manager, claimed.hash));
    if (!claimed || !token) throw new ScimError(401, 'The bearer token is missing, unknown, revoked or has run out.');
    return { tenantId: claimed.tenantId, tokenId: token.tokenId };
  }

  async #use(manager: EntityManager, hash: Buffer): Promise<ScimToken | undefined> {
    const now = this.#now();
    const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM scim_token WHERE token_hash = $1 AND expires_at > $2`, [hash, now]);
    if (row === undefined) return undefined;
    const token = scimTokenSchema.parse(row);
    if (token.lastUsedAt === null || now.getTime() - Date.parse(token.lastUsedAt) > useNotedMs) {
      await manager.query('UPDATE scim_token SET last_used_at = $2 WHERE token_hash = $1', [hash, now]);
    }
    return token;
  }
}
