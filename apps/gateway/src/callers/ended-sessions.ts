import { Injectable } from '@nestjs/common';
import { ShortMemory } from '@crossdock/connections';
import { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/** How long a session that ended is still believed in a process that has just looked. */
const keptMs = 2_000;

/** Sessions of people that were ended before their access tokens run out. */
@Injectable()
export class EndedSessions {
  readonly #memory = new ShortMemory<{ readonly isOver: boolean }>({ keptMs, maxEntries: 10_000, nowMs: Date.now });

  constructor(private readonly database: TenantDatabase) {}

  /** @param tokensEndAt after which no token of the session holds anyway, and the session is forgotten here. */
  async remember(manager: EntityManager, { sessionId, tenantId, tokensEndAt }: { readonly sessionId: string; readonly tenantId: string; readonly tokensEndAt: string }): Promise<void> {
    await manager.query('DELETE FROM ended_session WHERE tenant_id = $1 AND tokens_end_at < now()', [tenantId]);
    await manager.query('INSERT INTO ended_session (session_id, tenant_id, tokens_end_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [sessionId, tenantId, tokensEndAt]);
  }

  async has(sessionId: string, tenantId: string): Promise<boolean> {
    const known = await this.#memory.get(sessionId, async () => {
      const found = await this.database.transaction(tenantId, (manager) =>
        manager.query<unknown[]>('SELECT 1 FROM ended_session WHERE session_id = $1', [sessionId]));
      return { isOver: found.length > 0 };
    });
    return known?.isOver === true;
  }
}
