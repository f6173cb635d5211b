import type { Vendor, WriteResult } from '@crossdock/contracts';
import { TracedHistogram } from '@crossdock/metrics';
import { Counter, type Registry } from 'prom-client';
import type { SyncRules } from '../merge/sync-rules.ts';
import type { SyncedRecord } from '../merge/synced-record.ts';

/** What accounts tell and answer, and how long a change takes from one to the other. */
export class SyncMetrics {
  readonly #told: Counter<'source' | 'outcome'>;
  readonly #writes: Counter<'target' | 'outcome'>;
  readonly #held: Counter<'source'>;
  readonly #freshness: TracedHistogram<'source' | 'target'>;

  constructor(registry: Registry) {
    const registers: [Registry] = [registry];
    this.#told = new Counter({
      name: 'crossdock_sync_told_total', help: 'Records that accounts told, by what became of them.', labelNames: ['source', 'outcome'], registers,
    });
    this.#writes = new Counter({
      name: 'crossdock_sync_write_total', help: 'Writes that accounts answered: written, archived, or refused by the kind of failure.', labelNames: ['target', 'outcome'], registers,
    });
    this.#held = new Counter({
      name: 'crossdock_sync_conflict_total', help: 'Fields that began to wait for a person, because they were changed in two places.', labelNames: ['source'], registers,
    });
    this.#freshness = new TracedHistogram({
      name: 'crossdock_sync_freshness_seconds', help: 'From the time that one vendor gives a change to the answer of the other that holds it.', labelNames: ['source', 'target'],
      buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400], registers,
    });
  }

  countTold(source: Vendor, outcome: 'taken' | 'stale', newlyHeld: number): void {
    this.#told.inc({ source, outcome });
    if (newlyHeld > 0) this.#held.inc({ source }, newlyHeld);
  }

  /** @param before the record with the write still under way; @param answeredAt ISO 8601 in UTC */
  countAnswer({ golden, links }: SyncedRecord, { connectionId, vendor: target, result, answeredAt }: {
    readonly connectionId: string; readonly vendor: Vendor; readonly result: WriteResult; readonly answeredAt: string;
  }, { sides }: Pick<SyncRules, 'sides'>): void {
    this.#writes.inc({ target, outcome: result.outcome === 'refused' ? result.kind : result.outcome });
    if (result.outcome !== 'written') return;
    const fields = Object.keys(links.get(connectionId)?.pending?.fields ?? {});
    const newest = fields.flatMap((name) => golden.origins[name] ?? []).filter((origin) => origin.connectionId !== connectionId)
      .sort((one, other) => (one.at < other.at ? 1 : -1))[0];
    const source = sides.find((side) => side.connectionId === newest?.connectionId)?.vendor;
    if (newest && source) this.#freshness.observe({ source, target }, Math.max(0, Date.parse(answeredAt) - Date.parse(newest.at)) / 1_000);
  }
}
