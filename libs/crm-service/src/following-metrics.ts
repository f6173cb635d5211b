import type { CrmVendor } from '@crossdock/contracts';
import { SampledGauges } from '@crossdock/metrics';
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

  constructor(registry: Registry, database: TenantDatabase, vendor: CrmVendor) {
    this.#vendor = vendor;
    this.#database = database;
    const both = { registers: [registry], collect: new SampledGauges(() => this.#sample()).sample };
    this.#lag = new Gauge({
      name: 'crossdock_feed_lag_seconds', help: 'How long ago the changes were last read of the account that has waited longest for that.',
      labelNames: ['vendor', 'object'], ...both,
    });
    this.#listeners = new Gauge({
      name: 'crossdock_change_listeners', help: 'Accounts with a change stream: heard by some process, or waiting to be.', labelNames: ['vendor', 'state'], ...both,
    });
  }

  async #sample(): Promise<void> {
    const [unread, listeners] = await this.#database.systemTransaction(async (manager) => [await longestUnread(manager), await countListeners(manager)] as const);
    this.#lag.reset();
    for (const { object, seconds } of unread) this.#lag.set({ vendor: this.#vendor, object }, seconds);
    for (const state of ['heard', 'waiting'] as const) this.#listeners.set({ vendor: this.#vendor, state }, listeners[state]);
  }
}
