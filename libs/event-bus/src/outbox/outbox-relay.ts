import { setTimeout as wait } from 'node:timers/promises';
import { BackgroundLoop, type RoundResult } from '@crossdock/background-loop';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { Producer } from 'kafkajs';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { reach } from '../crash-points.ts';
import { BatchSender } from './batch-sender.ts';
import { OutboxFloor } from './outbox-floor.ts';
import { OutboxNotices } from './outbox-notices.ts';
import { batchRows, deleteRows, readRows, type OutboxRow } from './outbox-rows.ts';
import { RelayPace } from './relay-pace.ts';
import { RelaySession } from './relay-session.ts';
import { ShardLeases } from './shard-leases.ts';

/** The safety net where a wake-up is missed: often after something was found, seldom while nothing is. */
const shortestLookMs = 250;
const longestLookMs = 1_000;
const faultPauseMs = 1_000;

/**
 * Takes rows out of the outbox, publishes them to Kafka and deletes them once the brokers have acknowledged.
 *
 * It keeps no cursor: a row whose transaction commits late is simply there in the next look. It holds shards by lease, and
 * of a shard one batch at most is on its way, so that the rows of one key go out in order. While many rows come the next
 * batch is read while one is on its way, and the one before is deleted; no transaction is open meanwhile. A crash between acknowledgement and
 * deletion, and a relay that was stopped for longer than its lease, repeat rows under the same event id; what comes
 * first of each event is in order all the same, and the inbox of each consumer absorbs the rest.
 */
export class OutboxRelay {
  readonly #database: TenantDatabase;
  readonly #sender: BatchSender;
  readonly #logger: Logger;
  readonly #loop: BackgroundLoop;
  readonly #leases: ShardLeases;
  readonly #floor = new OutboxFloor();
  readonly #pace = new RelayPace();
  readonly #notices = new OutboxNotices((shards) => this.#mark(shards));
  /** Held shards that are known to have something. */
  readonly #marked = new Set<number>();
  #session: RelaySession | undefined;
  #renewalTimer: NodeJS.Timeout | undefined;
  #renewal: Promise<void> | undefined;
  #isRebalancing = false;
  #lookAtMs = 0;
  #lookMs = shortestLookMs;
  #lastShard = -1;

  constructor(options: {
    readonly database: TenantDatabase;
    /** acks=all is set here; one request in flight is the caller's to set. */
    readonly producer: Producer;
    readonly topicPrefix: string;
    readonly logger: Logger;
    readonly metrics: Registry;
    /** After how long the shards of a relay that died are taken over. */
    readonly leaseMs?: number;
  }) {
    this.#database = options.database;
    this.#sender = new BatchSender(options);
    this.#logger = options.logger;
    this.#leases = new ShardLeases(options.leaseMs);
    this.#loop = new BackgroundLoop({
      round: () => this.#round(),
      onFault: (error) => this.#recover(error),
      idleMs: () => Math.max(1, this.#lookAtMs - performance.now()),
      faultPauseMs,
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Looks at these shards at once, or has the relay that holds them do so; at all of its own where none are named. */
  wake(shards?: ReadonlySet<number>): void {
    if (shards) {
      if (!this.#session) return;
      this.#mark(shards);
      this.#notices.tell([...shards].filter((shard) => !this.#leases.held.has(shard)));
    } else {
      this.#lookAtMs = 0;
      this.#loop.wake();
    }
  }

  /** Ends after the batch under way and gives the shards back, so that another relay need not wait for the lease. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#closeSession();
    await this.#sender.close();
  }

  #mark(shards: Iterable<number>): void {
    const before = this.#marked.size;
    for (const shard of shards) {
      if (this.#leases.held.has(shard)) this.#marked.add(shard);
    }
    if (before !== this.#marked.size) this.#loop.wake();
  }

  async #round(): Promise<RoundResult> {
    const session = this.#session ?? await this.#openSession();
    if (this.#leases.isDue) await this.#rebalance(session);
    const isLook = performance.now() >= this.#lookAtMs;
    if (isLook) {
      this.#lookAtMs = performance.now() + longestLookMs;
      await this.#floor.beforeLook(session);
      for (const shard of this.#leases.held) this.#marked.add(shard);
    }
    const { sent, isDrained } = await this.#drain(session);
    if (isLook && isDrained) {
      this.#floor.afterLook();
      this.#lookMs = sent > 0 ? shortestLookMs : Math.min(this.#lookMs * 2, longestLookMs);
      this.#lookAtMs = performance.now() + this.#lookMs;
    }
    return isDrained ? 'idle' : 'busy';
  }

  async #rebalance(session: RelaySession): Promise<void> {
    await this.#renewal;
    this.#isRebalancing = true;
    const taken = await this.#leases.rebalance(session).finally(() => {
      this.#isRebalancing = false;
    });
    if (taken.length === 0) return;
    this.#floor.reset();
    this.#lookAtMs = 0;
  }

  /** Publishes what marked shards have, until nothing is left or something else is due. */
  async #drain(session: RelaySession): Promise<{ readonly sent: number; readonly isDrained: boolean }> {
    let sent = 0;
    let deletion: Promise<void> = Promise.resolve();
    let shards: ReadonlySet<number> = new Set();
    const readOn = async (onTheWay: readonly OutboxRow[]): Promise<readonly OutboxRow[]> => {
      shards = this.#takeMarked(shards);
      return await this.#read(session, shards, onTheWay);
    };
    let batch = await readOn([]);
    while (batch.length > 0) {
      this.#lastShard = batch.at(-1)?.shard ?? -1;
      const isOtherDue = this.#leases.isDue || performance.now() >= this.#lookAtMs;
      const [acknowledged, ahead] = await Promise.allSettled([
        this.#publish(batch),
        isOtherDue ? [] : this.#readAhead(batch, readOn),
        deletion,
      ]);
      if (acknowledged.status === 'rejected') throw acknowledged.reason;
      if (ahead.status === 'rejected') throw ahead.reason;
      sent += acknowledged.value.length;
      deletion = deleteRows(session, acknowledged.value);
      // Awaited in the next turn or below; until then a fault is nobody's surprise.
      deletion.catch(() => undefined);
      if (isOtherDue) {
        for (const shard of shards) this.#marked.add(shard);
        await deletion;
        return { sent, isDrained: false };
      }
      batch = ahead.value;
      if (batch.length > 0) continue;
      // Once more from the beginning: a row with a lower id may have been committed while those behind it were on their way.
      await deletion;
      await wait(this.#pace.end());
      batch = await readOn([]);
    }
    await deletion;
    return { sent, isDrained: true };
  }

  /** While few rows come there is nothing behind them; while many come they are gathered. */
  async #readAhead(
    batch: readonly OutboxRow[], read: (onTheWay: readonly OutboxRow[]) => Promise<readonly OutboxRow[]>,
  ): Promise<readonly OutboxRow[]> {
    const gatherMs = this.#pace.begin(batch.length);
    if (gatherMs > 0) await wait(gatherMs);
    else if (batch.length < batchRows) return [];
    return await read(batch);
  }

  /** Marked shards and those already worked on, beginning behind the one that came last, so that none waits for ever. */
  #takeMarked(working: ReadonlySet<number>): ReadonlySet<number> {
    const { held } = this.#leases;
    const all = [...new Set([...working, ...this.#marked])].filter((shard) => held.has(shard)).sort((left, right) => left - right);
    this.#marked.clear();
    const next = all.findIndex((shard) => shard > this.#lastShard);
    return next === -1 ? new Set(all) : new Set([...all.slice(next), ...all.slice(0, next)]);
  }

  async #read(session: RelaySession, shards: ReadonlySet<number>, onTheWay: readonly OutboxRow[]): Promise<readonly OutboxRow[]> {
    return shards.size === 0 ? [] : readRows(session, [...shards], this.#floor.value, onTheWay);
  }

  /** @returns the rows that Kafka has: those whose shards are still held. */
  async #publish(batch: readonly OutboxRow[]): Promise<readonly OutboxRow[]> {
    if (!this.#leases.isSafe) throw new Error('The leases ran out while this process stood still; the shards are taken anew.');
    const held = batch.filter((row) => this.#leases.held.has(row.shard));
    await this.#sender.send(held);
    reach('relayAcknowledged');
    return held;
  }

  async #openSession(): Promise<RelaySession> {
    const session = await RelaySession.open(this.#database);
    this.#session = session;
    await this.#notices.open(session);
    this.#renewalTimer = setInterval(() => this.#renew(session), this.#leases.renewalMs);
    return session;
  }

  /** Keeps the leases while a batch is long on its way; what is given up just then must not come back. A fault shows itself to the round as well. */
  #renew(session: RelaySession): void {
    if (this.#isRebalancing || this.#leases.held.size === 0 || !this.#leases.isRenewalDue) return;
    this.#renewal ??= this.#leases.renew(session).then(() => undefined, () => undefined).finally(() => {
      this.#renewal = undefined;
    });
  }

  /** After a fault nothing is known of the connection or the leases: both are given up, so that others may try. */
  async #recover(error: unknown): Promise<void> {
    this.#logger.error({ err: error }, 'the outbox relay could not publish; events wait in the outbox and go out when it can');
    await this.#closeSession();
  }

  async #closeSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    clearInterval(this.#renewalTimer);
    await this.#renewal;
    this.#marked.clear();
    this.#floor.reset();
    this.#lookAtMs = 0;
    if (!session) return;
    await this.#leases.leave(session)
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'outbox shards were not given back; their lease runs out by itself'));
    await this.#notices.close();
    await session.close();
  }
}
