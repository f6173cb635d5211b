import { SampledGauges } from '@crossdock/metrics';
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

  constructor(registry: Registry, database: TenantDatabase) {
    this.#database = database;
    const all = { registers: [registry], collect: new SampledGauges(() => this.#sample()).sample };
    this.#conflicts = new Gauge({ name: 'crossdock_sync_conflict_records', help: 'Records of which a field waits for a decision.', labelNames: ['object'], ...all });
    this.#refused = new Gauge({ name: 'crossdock_sync_refused_records', help: 'Records that an account did not take, and that wait for a person.', labelNames: ['object'], ...all });
    this.#drifted = new Gauge({
      name: 'crossdock_reconciliation_drift_records', help: 'Records in which the last complete comparison found a difference, by kind of record.', labelNames: ['kind'], ...all,
    });
    this.#runAge = new Gauge({ name: 'crossdock_sync_run_age_seconds', help: 'Age of the oldest complete reading that is under way.', labelNames: ['kind'], ...all });
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
