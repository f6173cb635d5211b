import type { CrmVendor } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import { Gauge, type Registry } from 'prom-client';
import { countListeners } from './listening/change-listener.repository.ts';
import { longestUnread } from './records/record-feed.repository.ts';

/** How far the hub is behind what changes in accounts, and to how many streams it listens; asked for when the metrics are, over all replicas. */
export class FollowingMetrics {
  readonly #vendor: CrmVendor;
  readonly #database: TenantDatabase;
  readonly #lag: Gauge;
  readonly #listeners: Gauge;
  #sampling: Promise<void> | undefined;

  constructor(registry: Registry, database: TenantDatabase, vendor: CrmVendor) {
    this.#vendor = vendor;
    this.#database = database;
    const gauge = (name: string, labelNames: readonly string[], help: string): Gauge =>
      new Gauge({ name, help, labelNames, registers: [registry], collect: () => this.#sampleOnce() });
    this.#lag = gauge('crossdock_feed_lag_seconds', ['vendor', 'object'], 'How long ago the changes were last read of the account that has waited longest for that.');
    this.#listeners = gauge('crossdock_change_listeners', ['vendor', 'state'], 'Accounts with a change stream: heard by some process, or waiting to be.');
  }

  /** One look serves both. While the database is away the last figures stand, and its own check says that it is. */
  #sampleOnce(): Promise<void> {
    this.#sampling ??= this.#sample().catch(() => undefined).finally(() => {
      this.#sampling = undefined;
    });
    return this.#sampling;
  }

  async #sample(): Promise<void> {
    const [unread, listeners] = await this.#database.systemTransaction(async (manager) => [await longestUnread(manager), await countListeners(manager)] as const);
    this.#lag.reset();
    for (const { object, seconds } of unread) this.#lag.set({ vendor: this.#vendor, object }, seconds);
    for (const state of ['heard', 'waiting'] as const) this.#listeners.set({ vendor: this.#vendor, state }, listeners[state]);
  }
}
