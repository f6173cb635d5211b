import { BackgroundLoop } from '@crossdock/background-loop';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { Logger } from 'pino';

const roundMs = 3_600_000;
const faultPauseMs = 60_000;

/**
 * Keeps the inbox's partitions, one a day of the events' own time: makes those of the coming days, and drops those that
 * are older than anything that can come again. The database sees to it that of all replicas one does it in an hour.
 */
export class InboxDays {
  readonly #loop: BackgroundLoop;

  /** @param retentionDays how old an event may be for its repeat to be recognised; not less than the topics keep. */
  constructor({ database, retentionDays, logger }: { readonly database: TenantDatabase; readonly retentionDays: number; readonly logger: Logger }) {
    this.#loop = new BackgroundLoop({
      round: async () => {
        await keepInboxDays(database, retentionDays);
        return 'idle';
      },
      onFault: async (error) => logger.error({ err: error }, 'the inbox’s partitions could not be kept; it is tried again, and days without one share the default partition'),
      idleMs: roundMs,
      faultPauseMs,
    });
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}

/** @returns whether it was done here, and not by another replica within the hour. */
export async function keepInboxDays(database: TenantDatabase, retentionDays: number): Promise<boolean> {
  const [row] = await database.systemTransaction((manager) =>
    manager.query<Array<{ done: boolean }>>('SELECT keep_inbox_days($1) AS done', [retentionDays]));
  return row?.done ?? false;
}
