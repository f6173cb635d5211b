import type { CrmRecord } from './crm-records.ts';

/** The records of one type in the order of their ids, with the ids that merges have left behind. */
export class RecordShelf {
  private readonly byId = new Map<string, CrmRecord>();
  private readonly newIds = new Map<string, string>();
  /** Ids only grow, so that the order of arrival is theirs. */
  private readonly inOrder: CrmRecord[] = [];

  add(record: CrmRecord): void {
    this.byId.set(record.id, record);
    this.inOrder.push(record);
  }

  /** By its own id or one that was merged into it. */
  find(id: string): CrmRecord | undefined {
    return this.byId.get(this.newIds.get(id) ?? id);
  }

  present(): CrmRecord[] {
    return this.inOrder.filter((record) => record.archivedAt === null);
  }

  /** A page of those behind an id, and whether there are more. */
  page(archived: boolean, after: string | undefined, limit: number): { records: CrmRecord[]; hasMore: boolean } {
    const records: CrmRecord[] = [];
    for (let index = after === undefined ? 0 : this.positionBehind(Number(after)); index < this.inOrder.length; index += 1) {
      const record = this.inOrder[index];
      if (record === undefined || (record.archivedAt !== null) !== archived) continue;
      if (records.length === limit) return { records, hasMore: true };
      records.push(record);
    }
    return { records, hasMore: false };
  }

  /** Takes a record away for good; its id, and those that stood for it, lead to the new one. */
  replace(old: CrmRecord, by: CrmRecord): void {
    this.byId.delete(old.id);
    this.inOrder.splice(this.inOrder.indexOf(old), 1);
    for (const [id, newId] of this.newIds) if (newId === old.id) this.newIds.set(id, by.id);
    this.newIds.set(old.id, by.id);
  }

  private positionBehind(id: number): number {
    let [low, high] = [0, this.inOrder.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.inOrder[middle]?.id) <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
