import { v4 as uuid } from 'uuid';
import { outboxShards } from './outbox-shard.ts';
import type { RelaySession } from './relay-session.ts';

/** How long a relay that says nothing keeps its shards; a dead one's are taken over after this. */
const defaultLeaseMs = 4_000;

/**
 * Which shards of the outbox one relay may publish. Every relay that lives registers itself; each holds at most
 * `ceil(shards / living relays)`, gives up what is beyond that and takes what is free.
 *
 * Leases run by the database's clock. Here they are counted from before the statement was sent, by a clock that never
 * jumps, so that a relay thinks its lease over before anybody else does.
 */
export class ShardLeases {
  readonly #relay = uuid();
  readonly #leaseMs: number;
  #held = new Set<number>();
  #safeUntilMs = 0;
  #dueAtMs = 0;

  constructor(leaseMs: number = defaultLeaseMs) {
    this.#leaseMs = leaseMs;
  }

  get held(): ReadonlySet<number> {
    return this.#held;
  }

  /** How often leases are to be renewed. */
  get renewalMs(): number {
    return this.#leaseMs / 4;
  }

  get isDue(): boolean {
    return performance.now() >= this.#dueAtMs;
  }

  /** Whether nobody else can have taken a held shard yet; a process that was stopped for long finds this false. */
  get isSafe(): boolean {
    return performance.now() < this.#safeUntilMs;
  }

  /** Whether it is time to renew; a rebalancing has done so as well. */
  get isRenewalDue(): boolean {
    return performance.now() >= this.#safeUntilMs - this.#leaseMs + 0.9 * this.renewalMs;
  }

  /**
   * Says that this relay lives and prolongs what it holds. May run while a batch is on its way.
   * @returns how many relays live, this one included.
   */
  async renew(session: RelaySession): Promise<number> {
    const askedAtMs = performance.now();
    const [row] = await session.query(
      `WITH own AS (
         INSERT INTO outbox_relay (id, lease_until) VALUES ($1, now() + make_interval(secs => $2))
         ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
       ), dead AS (
         DELETE FROM outbox_relay WHERE id <> $1 AND lease_until < now() - interval '1 minute'
       ), held AS (
         UPDATE outbox_shard SET lease_until = now() + make_interval(secs => $2) WHERE holder = $1 RETURNING shard
       )
       SELECT (SELECT count(*) FROM outbox_relay WHERE id <> $1 AND lease_until >= now())::int + 1 AS alive, array(SELECT shard::int FROM held) AS shards`,
      [this.#relay, this.#leaseMs / 1_000],
    ) as Array<{ alive: number; shards: number[] }>;
    this.#held = new Set(row?.shards);
    this.#safeUntilMs = askedAtMs + this.#leaseMs;
    return row?.alive ?? 1;
  }

  /**
   * Takes and gives up shards until the share is fair; only between batches, because what is given up must not be on its way.
   * @returns the shards that are new here.
   */
  async rebalance(session: RelaySession): Promise<readonly number[]> {
    const share = Math.ceil(outboxShards / await this.renew(session));
    const surplus = [...this.#held].slice(share);
    if (surplus.length > 0) await this.#giveUp(session, surplus);
    const taken = this.#held.size < share ? await this.#take(session, share - this.#held.size) : [];
    this.#dueAtMs = performance.now() + this.renewalMs;
    return taken;
  }

  /** Leaves everything to the others at once, instead of letting them wait for the lease. */
  async leave(session: RelaySession): Promise<void> {
    this.forget();
    await session.query(
      `WITH gone AS (DELETE FROM outbox_relay WHERE id = $1)
       UPDATE outbox_shard SET holder = NULL, lease_until = '-infinity' WHERE holder = $1`, [this.#relay]);
  }

  /** After a fault nothing is known of the leases. */
  forget(): void {
    this.#held = new Set();
    this.#safeUntilMs = 0;
    this.#dueAtMs = 0;
  }

  async #giveUp(session: RelaySession, shards: readonly number[]): Promise<void> {
    for (const shard of shards) this.#held.delete(shard);
    await session.query(
      `UPDATE outbox_shard SET holder = NULL, lease_until = '-infinity' WHERE holder = $1 AND shard = ANY($2::smallint[])`,
      [this.#relay, shards]);
  }

  async #take(session: RelaySession, atMost: number): Promise<readonly number[]> {
    const rows = await session.query(
      `UPDATE outbox_shard SET holder = $1, lease_until = now() + make_interval(secs => $2)
       WHERE shard IN (SELECT shard FROM outbox_shard WHERE lease_until < now() ORDER BY shard LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING shard`,
      [this.#relay, this.#leaseMs / 1_000, atMost],
    ) as Array<{ shard: number }>;
    const taken = rows.map((row) => row.shard);
    for (const shard of taken) this.#held.add(shard);
    return taken;
  }
}
