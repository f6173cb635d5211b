export type WriteKind = 'created' | 'updated' | 'unchanged' | 'deleted';
export type WriteCounts = Record<WriteKind, number>;

export interface RecordWrites extends WriteCounts {
  account: string;
  type: string;
  id: string;
}

const noWrites = (): WriteCounts => ({ created: 0, updated: 0, unchanged: 0, deleted: 0 });

/**
 * Counts what callers of the vendor's API wrote, per record and per type.
 * `unchanged` is a write that set nothing new: it is counted apart, so that a repeat can be told from an effect.
 * Changes made by a person through the control API are not counted.
 */
export class WriteJournal {
  private readonly byRecord = new Map<string, RecordWrites>();

  count(account: string, type: string, id: string, kind: WriteKind): void {
    const key = JSON.stringify([account, type, id]);
    const entry = this.byRecord.get(key) ?? { account, type, id, ...noWrites() };
    entry[kind] += 1;
    this.byRecord.set(key, entry);
  }

  report(): { byType: Record<string, WriteCounts>; records: RecordWrites[] } {
    const byType: Record<string, WriteCounts> = {};
    const records = [...this.byRecord.values()];
    for (const record of records) {
      const sum = (byType[record.type] ??= noWrites());
      for (const kind of ['created', 'updated', 'unchanged', 'deleted'] as const) sum[kind] += record[kind];
    }
    return { byType, records: records.map((record) => ({ ...record })) };
  }

  clear(): void {
    this.byRecord.clear();
  }
}
