import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '@crossdock/tenancy';

/** One call as its caller names it. */
export interface CallName {
  readonly tenantId: string;
  readonly clientId: string;
  readonly key: string;
}

/** What a finished call was answered. */
export interface KeptAnswer {
  readonly status: number;
  readonly etag?: string | undefined;
  /** JSON; nothing where there was no body. */
  readonly answer?: string | undefined;
}

export type CallStanding =
  | { readonly outcome: 'begun' | 'under_way' | 'other_request' }
  | { readonly outcome: 'done'; readonly kept: KeptAnswer };

/** How long a key is remembered. */
const keptHours = 24;
/** Longer than any request may take: whoever holds a call for longer has died. */
const abandonedAfterSeconds = 60;

interface CallRow {
  readonly isSame: boolean;
  readonly status: number | null;
  readonly etag: string | null;
  readonly answer: string | null;
}

/** Calls with an idempotency key, in PostgreSQL, so that all replicas know of them. */
@Injectable()
export class IdempotentCalls {
  constructor(private readonly database: TenantDatabase) {}

  /** Begins a call, unless it was begun before; who begins it must `finish` or `forget` it. */
  async begin({ tenantId, clientId, key }: CallName, fingerprint: Buffer): Promise<CallStanding> {
    return this.database.transaction(tenantId, async (manager) => {
      await manager.query('DELETE FROM idempotent_call WHERE tenant_id = $1 AND begun_at < now() - make_interval(hours => $2)', [tenantId, keptHours]);
      const begun = await manager.query<unknown[]>(
        `INSERT INTO idempotent_call (tenant_id, client_id, key, fingerprint) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, client_id, key) DO UPDATE SET begun_at = now()
           WHERE idempotent_call.status IS NULL AND idempotent_call.fingerprint = excluded.fingerprint
             AND idempotent_call.begun_at < now() - make_interval(secs => $5)
         RETURNING key`,
        [tenantId, clientId, key, fingerprint, abandonedAfterSeconds],
      );
      if (begun.length > 0) return { outcome: 'begun' };
      const [row] = await manager.query<CallRow[]>(
        'SELECT fingerprint = $4 AS "isSame", status, etag, answer FROM idempotent_call WHERE tenant_id = $1 AND client_id = $2 AND key = $3',
        [tenantId, clientId, key, fingerprint],
      );
      if (row?.isSame === false) return { outcome: 'other_request' };
      if (!row || row.status === null) return { outcome: 'under_way' };
      return { outcome: 'done', kept: { status: row.status, etag: row.etag ?? undefined, answer: row.answer ?? undefined } };
    });
  }

  async finish({ tenantId, clientId, key }: CallName, { status, etag, answer }: KeptAnswer): Promise<void> {
    await this.database.transaction(tenantId, (manager) => manager.query(
      'UPDATE idempotent_call SET status = $4, etag = $5, answer = $6 WHERE tenant_id = $1 AND client_id = $2 AND key = $3',
      [tenantId, clientId, key, status, etag ?? null, answer ?? null],
    ));
  }

  /** Lets the same key be used again: the call was refused, and nothing was done. */
  async forget({ tenantId, clientId, key }: CallName): Promise<void> {
    await this.database.transaction(tenantId, (manager) =>
      manager.query('DELETE FROM idempotent_call WHERE tenant_id = $1 AND client_id = $2 AND key = $3 AND status IS NULL', [tenantId, clientId, key]));
  }
}
