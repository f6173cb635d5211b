import type { RelaySession } from './relay-session.ts';

interface Horizon {
  /** The highest id handed out. */
  readonly lastId: string;
  /** A transaction that began to write after `lastId` was handed out: whoever has an id up to that wrote before it. */
  readonly laterTransaction: string;
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
 * that ran when that id was the highest has ended, and a look at all shards after that has found nothing more. Which those are, only
 * a transaction begun after it can say: a snapshot's end follows from what has ended, and leaves out the latest that still run.
 * An id can be handed out a moment before its transaction shows as running; that is why the floor goes back to zero now and then.
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
    const lastId = await readLastId(session);
    if (lastId === this.#value) return;
    const now = { lastId, ...await beginTransaction(session) };
    const earlier = this.#candidate;
    if (!earlier) {
      this.#candidate = now;
    } else if (BigInt(now.oldestRunning) >= BigInt(earlier.laterTransaction)) {
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

async function readLastId(session: RelaySession): Promise<string> {
  const [row] = await session.query(
    `SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'id')::regclass), 0)::text AS "lastId"`) as Array<Pick<Horizon, 'lastId'>>;
  return row?.lastId ?? '0';
}

/** Takes a transaction's number, in a statement after the one that read the last id. */
async function beginTransaction(session: RelaySession): Promise<Omit<Horizon, 'lastId'>> {
  const [row] = await session.query(
    `SELECT pg_current_xact_id()::text AS "laterTransaction", pg_snapshot_xmin(pg_current_snapshot())::text AS "oldestRunning"`,
  ) as Array<Omit<Horizon, 'lastId'>>;
  if (!row) throw new Error('PostgreSQL did not say which transactions run.');
  return row;
}
