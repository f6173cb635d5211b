import type { RelaySession } from './relay-session.ts';

interface Horizon {
  /** The highest id handed out. */
  readonly lastId: string;
  /** Transactions from this one on began later. */
  readonly nextTransaction: string;
  /** Transactions before this one have ended. */
  readonly oldestRunning: string;
}

const defaultRaiseEveryMs = 1_000;
/** A row that slipped under the floor all the same goes out after this time at the latest. */
const resetEveryMs = 30_000;

/**
 * An id up to which nothing waits, so that reading starts behind the rows that are dead but cannot be cleaned away while
 * somebody holds an old snapshot.
 *
 * Ids are handed out before their transactions commit. The floor therefore rises to an id only once every transaction
 * that ran when that id was the highest has ended, and a look at all shards after that has found nothing more. An id can
 * be handed out a moment before its transaction shows as running; that is why the floor goes back to zero now and then.
 */
export class OutboxFloor {
  readonly #raiseEveryMs: number;
  #value = '0';
  #candidate: Horizon | undefined;
  #confirmed: string | undefined;
  #raiseAtMs = 0;
  #resetAtMs = performance.now() + resetEveryMs;

  constructor(raiseEveryMs: number = defaultRaiseEveryMs) {
    this.#raiseEveryMs = raiseEveryMs;
  }

  get value(): string {
    return this.#value;
  }

  /** Before a look at all shards. */
  async beforeLook(session: RelaySession): Promise<void> {
    const nowMs = performance.now();
    if (nowMs >= this.#resetAtMs) this.reset();
    this.#confirmed = undefined;
    if (nowMs < this.#raiseAtMs) return;
    this.#raiseAtMs = nowMs + this.#raiseEveryMs;
    const [now] = await session.query(
      `SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'id')::regclass), 0)::text AS "lastId",
              pg_snapshot_xmax(pg_current_snapshot())::text AS "nextTransaction",
              pg_snapshot_xmin(pg_current_snapshot())::text AS "oldestRunning"`,
    ) as Horizon[];
    if (!now) return;
    const earlier = this.#candidate;
    if (!earlier) {
      this.#candidate = now;
    } else if (BigInt(now.oldestRunning) >= BigInt(earlier.nextTransaction)) {
      this.#confirmed = earlier.lastId;
      this.#candidate = now;
    }
  }

  /** After a look at all shards that left nothing. */
  afterLook(): void {
    if (this.#confirmed !== undefined) this.#value = this.#confirmed;
    this.#confirmed = undefined;
  }

  /** Where shards are new here, what waits in them may be of any age. */
  reset(): void {
    this.#value = '0';
    this.#candidate = undefined;
    this.#confirmed = undefined;
    this.#resetAtMs = performance.now() + resetEveryMs;
  }
}
