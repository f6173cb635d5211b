import type { Notifier } from '@crossdock/tenancy';
import { z } from 'zod';
import type { RelaySession } from './relay-session.ts';

/** At most one notice goes out in this time; the first at once. */
const quietMs = 5;

const noticeSchema = z.object({ channel: z.string(), payload: z.string().regex(/^\d{1,2}(,\d{1,2})*$/) });

/**
 * Tells the relays of other processes which shards have new rows, by `NOTIFY` on the relay's own connection: inside the
 * writers' transactions it would make them wait for each other at commit. A notice that is lost costs time, never an event.
 */
export class OutboxNotices {
  readonly #onNotice: (shards: readonly number[]) => void;
  readonly #onNotification = (message: unknown): void => {
    const notice = noticeSchema.safeParse(message);
    if (notice.success && notice.data.channel === this.#channel) this.#onNotice(notice.data.payload.split(',').map(Number));
  };
  readonly #pending = new Set<number>();
  #session: RelaySession | undefined;
  #notifier: Notifier | undefined;
  #channel = '';
  #timer: NodeJS.Timeout | undefined;
  #sentAtMs = 0;

  constructor(onNotice: (shards: readonly number[]) => void) {
    this.#onNotice = onNotice;
  }

  /** Listens and speaks on this connection from now on. */
  async open(session: RelaySession): Promise<void> {
    const [row] = await session.query(`SELECT 'crossdock_outbox_' || current_schema() AS channel`) as Array<{ channel: string }>;
    this.#channel = row?.channel ?? '';
    this.#notifier = session.notifier;
    session.notifier.on('notification', this.#onNotification);
    await session.query(`LISTEN "${this.#channel}"`);
    this.#session = session;
  }

  /** Leaves the connection as it was; to be called before it is given back. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending.clear();
    this.#notifier?.off('notification', this.#onNotification);
    this.#notifier = undefined;
    if (session) await session.query('UNLISTEN *').catch(() => undefined);
  }

  /** Says soon that these shards have new rows. */
  tell(shards: Iterable<number>): void {
    if (!this.#session) return;
    for (const shard of shards) this.#pending.add(shard);
    if (this.#timer || this.#pending.size === 0) return;
    this.#timer = setTimeout(() => this.#send(), Math.max(0, this.#sentAtMs + quietMs - performance.now()));
  }

  #send(): void {
    this.#timer = undefined;
    this.#sentAtMs = performance.now();
    const payload = [...this.#pending].join(',');
    this.#pending.clear();
    // A connection that is gone shows itself to the relay's next round.
    this.#session?.query('SELECT pg_notify($1, $2)', [this.#channel, payload]).catch(() => undefined);
  }
}
