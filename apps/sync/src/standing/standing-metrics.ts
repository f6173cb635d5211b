import type { TenantDatabase } from '@crossdock/tenancy';
import { Gauge, type Registry } from 'prom-client';
import { sumStandings } from './standing.repository.ts';

/** What waits for people in all syncs, and how long runs have taken so far; asked for when the metrics are. */
export class StandingMetrics {
  readonly #database: TenantDatabase;
  readonly #conflicts: Gauge;
  readonly #refused: Gauge;
  readonly #drifted: Gauge;
  readonly #runAge: Gauge;
  #sampling: Promise<void> | undefined;

  constructor(registry: Registry, database: TenantDatabase) {
    this.#database = database;
    const gauge = (name: string, label: 'object' | 'kind', help: string): Gauge =>
      new Gauge({ name, help, labelNames: [label], registers: [registry], collect: () => this.#sampleOnce() });
    this.#conflicts = gauge('crossdock_sync_conflict_records', 'object', 'Records of which a field waits for a decision.');
    this.#refused = gauge('crossdock_sync_refused_records', 'object', 'Records that an account did not take, and that wait for a person.');
    this.#drifted = gauge('crossdock_reconciliation_drift_records', 'kind', 'Records in which the last complete comparison found a difference, by kind of record.');
    this.#runAge = gauge('crossdock_sync_run_age_seconds', 'kind', 'Age of the oldest complete reading that is under way.');
  }

  /** One look serves all that are asked for at once. While the database is away the last figures stand, and its own check says that it is. */
  #sampleOnce(): Promise<void> {
    this.#sampling ??= this.#sample().catch(() => undefined).finally(() => {
      this.#sampling = undefined;
    });
    return this.#sampling;
  }

  async #sample(): Promise<void> {
    const { waiting, runs } = await this.#database.systemTransaction(sumStandings);
    for (const gauge of [this.#conflicts, this.#refused, this.#drifted, this.#runAge]) gauge.reset();
    for (const { object, conflicts, refused, drifted } of waiting) {
      this.#conflicts.set({ object }, conflicts);
      this.#refused.set({ object }, refused);
      this.#drifted.set({ kind: object }, drifted);
    }
    for (const { kind, ageSeconds } of runs) this.#runAge.set({ kind }, ageSeconds);
  }
}
