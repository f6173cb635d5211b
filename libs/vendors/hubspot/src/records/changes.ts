/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the SDK's models are shapes that it serialises by name; its documents give them as literals, and its types hold them to the shape. */
import type { ChangePage, GoneRecord } from '@crossdock/crm-connector';
import { Failure, type CrmObject } from '@crossdock/contracts';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { guarded } from '../hubspot.answers.ts';
import { hubSpotLimits } from '../hubspot.limits.ts';
import { changedSince, readCursor, writeCursor, type ChangeCursor, type ChangedCursor } from './change-cursor.ts';
import { callOf, objectTypes, type HubSpotAccount } from './object-types.ts';
import { hubSpotRecordsSchema, modifiedAtOf, type HubSpotRecord, type RecordReading } from './record-reading.ts';

/** How long search may not know of a change yet, and how far the clocks of HubSpot and the hub may be apart, together. */
const overlapMs = 180_000;
const searchesPerPage = hubSpotLimits.associationReadSize / hubSpotLimits.searchPageSize;
/** HubSpot keeps archived records for 90 days; what was archived before is in no list. */
const memoryMs = 89 * 86_400_000;

/** From where `ChangeList` tells what changes from now on. */
export function cursorFromNow(nowMs: number): string {
  return writeCursor(changedSince(nowMs - overlapMs));
}

/**
 * Lists the changes of one kind of record. First all records by their ids, which no change disorders; then those changed
 * since, by search. A search shows 10,000 records at most and its pages move while records change: so no page follows
 * another one, each is a new search from the last time that was seen on, and through many records of one time it goes by their ids.
 * Search knows nothing of what was archived: that is a list of its own.
 */
export class ChangeList {
  readonly #account: HubSpotAccount;
  readonly #object: CrmObject;
  readonly #reading: RecordReading;
  readonly #now: () => number;

  constructor(account: HubSpotAccount, object: CrmObject, { reading, now }: { readonly reading: RecordReading; readonly now: () => number }) {
    this.#account = account;
    this.#object = object;
    this.#reading = reading;
    this.#now = now;
  }

  async page(text: string | undefined): Promise<ChangePage> {
    const cursor: ChangeCursor = text === undefined ? { phase: 'all', startedAtMs: this.#now() } : readCursor(text);
    const sinceMs = cursor.phase === 'all' ? cursor.startedAtMs : cursor.sinceMs;
    if (this.#now() - sinceMs > memoryMs) {
      throw new Failure('cursor_expired', 'HubSpot does not know any more what was deleted since this cursor: everything must be read anew.');
    }
    if (cursor.phase === 'all') return this.#all(cursor);
    return cursor.phase === 'changed' ? this.#changed(cursor) : this.#archived(cursor, [], []);
  }

  async #all(cursor: Extract<ChangeCursor, { phase: 'all' }>): Promise<ChangePage> {
    const { records, after } = await this.#list(cursor.after, false);
    const next: ChangeCursor = after === undefined ? changedSince(cursor.startedAtMs - overlapMs) : { ...cursor, after };
    return this.#pageOf(records, await this.#reading.complete(records, { carryAssociations: true }), { next, hasMore: true });
  }

  async #changed(cursor: ChangedCursor): Promise<ChangePage> {
    const startedAtMs = cursor.startedAtMs ?? this.#now();
    const found = new Map<string, HubSpotRecord>();
    let next: ChangedCursor | undefined = { ...cursor, startedAtMs };
    let newestMs = cursor.newestMs;
    // What records name is asked for a thousand at a time, so that several searches make one page.
    for (let searches = 0; next && searches < searchesPerPage; searches += 1) {
      const records = await this.#search(next);
      const times = records.map((record) => Date.parse(modifiedAtOf(this.#object, record)));
      for (const record of records) found.set(record.id, record);
      newestMs = Math.max(newestMs, ...times);
      next = this.#nextSearch({ ...next, newestMs }, records, times);
    }
    const records = [...found.values()];
    const complete = await this.#reading.complete(records, { carryAssociations: false });
    if (next) return this.#pageOf(records, complete, { next, hasMore: true });
    const nextMs = Math.max(cursor.sinceMs, newestMs - overlapMs, startedAtMs - overlapMs);
    return this.#archived({ phase: 'archived', sinceMs: cursor.sinceMs, nextMs }, complete, records.flatMap((record) => this.#reading.mergedInto(record)));
  }

  /** Where to search on; undefined where nothing is left. */
  #nextSearch(cursor: ChangedCursor, records: readonly HubSpotRecord[], times: readonly number[]): ChangedCursor | undefined {
    const { afterId: _, ...from } = cursor;
    const isFull = records.length === hubSpotLimits.searchPageSize;
    if (cursor.afterId !== undefined) {
      return isFull ? { ...from, afterId: records.at(-1)?.id ?? cursor.afterId } : { ...from, atMs: cursor.atMs + 1 };
    }
    if (!isFull) return undefined;
    const lastMs = times.at(-1) ?? cursor.atMs;
    return lastMs > cursor.atMs ? { ...from, atMs: lastMs } : { ...from, afterId: '0' };
  }

  /** What was archived since the cursor's time; HubSpot lists all of it, the oldest ids first. */
  async #archived(cursor: Extract<ChangeCursor, { phase: 'archived' }>, told: ChangePage['records'], merged: readonly GoneRecord[]): Promise<ChangePage> {
    const { records, after } = await this.#list(cursor.after, true);
    const archived = records
      .filter(({ archivedAt }) => archivedAt === undefined || archivedAt.getTime() >= cursor.sinceMs)
      .map(({ id }) => ({ object: this.#object, id, gone: 'archived' as const }));
    const next: ChangeCursor = after === undefined ? changedSince(cursor.nextMs) : { ...cursor, after };
    return { records: told, gone: [...merged, ...archived], cursor: writeCursor(next), hasMore: after !== undefined };
  }

  #pageOf(raw: readonly HubSpotRecord[], records: ChangePage['records'], { next, hasMore }: { next: ChangeCursor; hasMore: boolean }): ChangePage {
    return { records, gone: raw.flatMap((record) => this.#reading.mergedInto(record)), cursor: writeCursor(next), hasMore };
  }

  async #list(after: string | undefined, archived: boolean): Promise<{ records: HubSpotRecord[]; after: string | undefined }> {
    const { type, names } = objectTypes[this.#object];
    const operation = archived ? `${type}.listArchived` : `${type}.list`;
    const answer = await this.#account.api.objectLists(callOf(this.#account, operation)).getPage(
      type, hubSpotLimits.objectBatchSize, after, archived ? [] : this.#reading.properties, undefined,
      archived || names.length === 0 ? undefined : names.map((name) => objectTypes[name].type), archived,
    );
    return { records: guarded(hubSpotRecordsSchema, answer, operation).results, after: answer.paging?.next?.after };
  }

  async #search({ atMs, afterId }: ChangedCursor): Promise<HubSpotRecord[]> {
    const { type, modifiedProperty } = objectTypes[this.#object];
    const [operation, at] = [`${type}.search`, String(atMs)];
    const filters = afterId === undefined
      ? [{ propertyName: modifiedProperty, operator: FilterOperatorEnum.Gte, value: at }]
      : [
        { propertyName: modifiedProperty, operator: FilterOperatorEnum.Between, value: at, highValue: at },
        { propertyName: 'hs_object_id', operator: FilterOperatorEnum.Gt, value: afterId },
      ];
    const answer = await this.#account.api.objectSearch(callOf(this.#account, operation)).doSearch(type, {
      filterGroups: [{ filters }], sorts: [afterId === undefined ? modifiedProperty : 'hs_object_id'],
      properties: this.#reading.properties, limit: hubSpotLimits.searchPageSize, after: '0',
    });
    return guarded(hubSpotRecordsSchema, answer, operation).results;
  }
}
