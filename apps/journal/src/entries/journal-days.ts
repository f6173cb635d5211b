import { BackgroundLoop } from '@crossdock/background-loop';
import { forgetOldEntries } from '../audit/audit-retention.ts';
import type { Logger } from '@crossdock/service-kit';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';

const roundMs = 3_600_000;
const faultPauseMs = 60_000;

/** Makes the journal's partitions, one a day, ahead of time, drops those that have become too old, and forgets what tenants do not keep of their audit. */
export class JournalDays implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #loop: BackgroundLoop;

  /** @param retentionDays how long an entry is kept, counted from the event's own time. */
  constructor({ database, retentionDays, logger }: { readonly database: TenantDatabase; readonly retentionDays: number; readonly logger: Logger }) {
    this.#loop = new BackgroundLoop({
      round: async () => {
        await database.systemTransaction((manager) => manager.query('SELECT keep_journal_days($1)', [retentionDays]));
        await forgetOldEntries(database);
        return 'idle';
      },
      onFault: async (error) => logger.error({ err: error }, 'the journal could not be kept up; it is tried again, and days without a partition share the default one'),
      idleMs: roundMs,
      faultPauseMs,
    });
  }

  onApplicationBootstrap(): void {
    this.#loop.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }
}
