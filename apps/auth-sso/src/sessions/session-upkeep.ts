import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { BackgroundLoop } from '@crossdock/background-loop';
import type { Logger } from '@crossdock/service-kit';
import type { EntityManager } from 'typeorm';
import type { ApplicationDomains } from '../sign-on/application-domains.ts';
import type { TenantWork } from '../tenant-work.ts';
import type { SessionLimits } from './session.ts';

const intervalMs = 3_600_000;
/** So that no transaction holds many rows for long. */
const rowsAtOnce = 2_000;

export interface SessionUpkeepOptions {
  readonly work: TenantWork;
  readonly domains: ApplicationDomains;
  readonly limits: SessionLimits;
  /** How long a session that is over is kept, for the person to see what was. */
  readonly retentionMs: number;
  readonly logger: Logger;
  readonly now: () => Date;
}

/**
 * Removes what is left of sessions that are over: their keys at once, they themselves after the retention time. Keys that were exchanged stay as long
 * as their session lives, since one that comes again must be known for what it is.
 */
export class SessionUpkeep implements OnModuleInit, OnModuleDestroy {
  readonly #options: SessionUpkeepOptions;
  readonly #loop: BackgroundLoop;

  constructor(options: SessionUpkeepOptions) {
    this.#options = options;
    this.#loop = new BackgroundLoop({
      round: async () => {
        await this.runOnce();
        return 'idle';
      },
      onFault: async (error) => options.logger.error({ err: error }, 'sessions that are over could not be removed; it is tried again in an hour'),
      idleMs: intervalMs,
      faultPauseMs: intervalMs,
    });
  }

  onModuleInit(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** One round over all tenants. @returns how many rows were removed. */
  async runOnce(): Promise<number> {
    const { limits: { idleMs, lifetimeMs }, retentionMs, now } = this.#options;
    const nowMs = now().getTime();
    const isOver = 'ended_at IS NOT NULL OR last_used_at < $1 OR started_at < $2';
    const overSince = [new Date(nowMs - idleMs), new Date(nowMs - lifetimeMs)];
    const goneSince = [new Date(nowMs - retentionMs - idleMs), new Date(nowMs - retentionMs - lifetimeMs), new Date(nowMs - retentionMs)];
    let removed = 0;
    for (const tenantId of await this.#options.domains.tenants()) {
      removed += await this.#remove(tenantId, `DELETE FROM session_key WHERE key_hash IN (SELECT key_hash FROM session_key JOIN session USING (session_id) WHERE ${isOver} LIMIT ${rowsAtOnce})`, overSince);
      removed += await this.#remove(tenantId, `DELETE FROM session WHERE session_id IN (SELECT session_id FROM session WHERE ended_at < $3 OR last_used_at < $1 OR started_at < $2 LIMIT ${rowsAtOnce})`, goneSince);
    }
    return removed;
  }

  async #remove(tenantId: string, statement: string, values: readonly Date[]): Promise<number> {
    for (let removed = 0; ;) {
      const [, count] = await this.#options.work.run(tenantId, (manager: EntityManager) => manager.query<[unknown, number]>(statement, [...values]));
      removed += count;
      if (count < rowsAtOnce) return removed;
    }
  }
}
