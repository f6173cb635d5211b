import { randomUUID } from 'node:crypto';
import type { SObjectType } from '../records/sobject-fields.ts';
import type { FieldValue, SObjectRecord } from '../records/sobject-records.ts';

export type ChangeType = 'CREATE' | 'UPDATE' | 'DELETE' | 'GAP_UPDATE' | 'GAP_OVERFLOW';

export interface ChangeEvent {
  replayId: number;
  payload: Record<string, unknown>;
}

/** In an overflow event there is no record to name. */
const noRecord = '000000000000000AAA';
/** Ids of events rise, and nobody can tell the next one. */
const idStep = 7;

/** What one org tells of its records on the channel of all change events, and what of it can still be replayed. */
export class ChangeEvents {
  /** The name under which whoever is at work calls, where it says one. */
  client: string | undefined;
  private readonly userId: string;
  private readonly members = new Map<SObjectType, string>();
  private readonly retained: ChangeEvent[] = [];
  private readonly waiting = new Set<() => void>();
  private lastReplayId = 1_000_000;
  private forgottenUpTo = 1_000_000;

  constructor(userId: string) {
    this.userId = userId;
  }

  /** The types of which changes are told, with the id of each one's place in the channel. */
  get selected(): ReadonlyMap<SObjectType, string> {
    return this.members;
  }

  select(type: SObjectType): string {
    const id = this.members.get(type) ?? `0v8ak0${String(this.members.size + 1).padStart(9, '0')}AAA`;
    this.members.set(type, id);
    return id;
  }

  selectOnly(types: readonly SObjectType[]): void {
    this.members.clear();
    for (const type of types) this.select(type);
  }

  /** Tells of a change, with the fields that were written, where its type is selected. */
  tell(changeType: ChangeType, { type, id, values }: SObjectRecord, changed: readonly string[]): void {
    if (!this.members.has(type)) return;
    const fields: Record<string, FieldValue> = Object.fromEntries(changed.map((name) => [name, values[name] ?? null]));
    this.publish(type, changeType, [id], fields);
  }

  /** A change of which the org cannot tell what it was, or, without ids, of which records. */
  tellOfGap(type: SObjectType, ids: readonly string[]): void {
    if (ids.length > 0) this.publish(type, 'GAP_UPDATE', [...ids], {});
    else this.publish(type, 'GAP_OVERFLOW', [noRecord], {});
  }

  /** The id from which a subscription goes on, -1 being now and -2 all there is; undefined where the id is none, or too old. */
  positionOf(replayFrom: number): number | undefined {
    if (replayFrom === -1) return this.lastReplayId;
    if (replayFrom === -2) return this.forgottenUpTo;
    return replayFrom >= this.forgottenUpTo && replayFrom <= this.lastReplayId ? replayFrom : undefined;
  }

  after(replayId: number): ChangeEvent[] {
    return this.retained.filter((event) => event.replayId > replayId);
  }

  /** As if 72 hours had gone by: no id that was told is known any more. */
  forget(): void {
    this.retained.length = 0;
    this.lastReplayId += idStep;
    this.forgottenUpTo = this.lastReplayId;
  }

  /** Calls back at the next event. @returns the way to end that. */
  onNext(listener: () => void): () => void {
    this.waiting.add(listener);
    return () => this.waiting.delete(listener);
  }

  private publish(entityName: SObjectType, changeType: ChangeType, recordIds: string[], fields: Record<string, FieldValue>): void {
    this.lastReplayId += idStep;
    const ChangeEventHeader = {
      entityName, recordIds, changeType, changeOrigin: `com/salesforce/api/rest/67.0${this.client === undefined ? '' : `;client=${this.client}`}`, transactionKey: randomUUID(), sequenceNumber: 1,
      commitTimestamp: Date.now(), commitNumber: this.lastReplayId, commitUser: this.userId, nulledFields: [], diffFields: [],
      changedFields: changeType === 'UPDATE' ? Object.keys(fields) : [],
    };
    this.retained.push({ replayId: this.lastReplayId, payload: { ChangeEventHeader, ...fields } });
    for (const listener of [...this.waiting]) listener();
  }
}
