import { notFound } from '../pipedrive-refusals.ts';

export interface TableRecord {
  id: number;
  add_time: string;
  update_time: string;
  is_deleted: boolean;
}

/** Records of one kind by number. Search lags behind: it knows each state only after a while. */
export class RecordTable<Row extends TableRecord> {
  private readonly what: string;
  private readonly searchDelayMs: number;
  private readonly rows = new Map<number, Row>();
  private readonly states = new Map<number, { visibleAtMs: number; row: Row }[]>();
  private lastId = 0;

  constructor(what: string, searchDelayMs: number) {
    this.what = what;
    this.searchDelayMs = searchDelayMs;
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  put(row: Row): void {
    this.rows.set(row.id, row);
    const states = this.states.get(row.id) ?? [];
    states.push({ visibleAtMs: Date.now() + this.searchDelayMs, row });
    this.states.set(row.id, states);
  }

  /** Throws Pipedrive's 404 for a number that is not known or deleted. */
  get(id: number): Row {
    const row = this.rows.get(id);
    if (row === undefined || row.is_deleted) throw notFound(this.what);
    return row;
  }

  /** Also a deleted one, which can be read one by one until it is gone for good. */
  getAny(id: number): Row {
    const row = this.rows.get(id);
    if (row === undefined) throw notFound(this.what);
    return row;
  }

  find(id: number): Row | undefined {
    return this.rows.get(id);
  }

  /** Whether a record may be linked to: no number links to nothing. */
  has(id: number | null | undefined): boolean {
    return id === null || id === undefined || this.rows.get(id)?.is_deleted === false;
  }

  list(): Row[] {
    return [...this.rows.values()];
  }

  /** What search knows at present. */
  searchable(): Row[] {
    const now = Date.now();
    return [...this.states.values()].flatMap((states) => {
      const known = states.findLast(({ visibleAtMs }) => visibleAtMs <= now);
      return known === undefined || known.row.is_deleted ? [] : [known.row];
    });
  }
}

/** The fields in which two states differ, with their earlier values. */
export function changedFields(before: object, after: object): Record<string, unknown> {
  const now = new Map(Object.entries(after));
  return Object.fromEntries(Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now.get(name))));
}
