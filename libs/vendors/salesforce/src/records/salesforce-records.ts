import type { Connection } from '@crossdock/connections';
import { asFailure, Failure, type CrmObject, type ObjectDescription } from '@crossdock/contracts';
import type { ChangePage, CrmRecord, FieldSelection, GoneRecord, RecordConnector, RecordWrite, RecordWritten } from '@crossdock/crm-connector';
import { SalesforceBulkWriter, type SalesforceBulkOptions } from '../bulk-writing/salesforce-bulk-writer.ts';
import { salesforceLimits } from '../salesforce.limits.ts';
import { inList } from '../salesforce.query.ts';
import { sessionOf } from '../salesforce.session.ts';
import { SalesforceStream } from '../streaming/salesforce-stream.ts';
import { beginReading, bulkPage } from './bulk-reading.ts';
import { cursorFromNow, readCursor } from './change-cursor.ts';
import { changesSince } from './changes.ts';
import { queryAllRows } from './composite.ts';
import { deleteRecords } from './deletions.ts';
import { describeObject } from './description.ts';
import { salesforceDefaultMapping, sobjectOf } from './object-types.ts';
import { readRecords, rowsById } from './record-reading.ts';
import { columnsOf, parseRows, toGone } from './record-rows.ts';
import { writeRecords } from './record-writing.ts';

export interface SalesforceRecordsOptions extends SalesforceBulkOptions {
  /** Kinds of more records than this are read whole by Bulk API 2.0. */
  readonly bulkReadsFrom?: number;
}

/** Contacts, accounts and opportunities of Salesforce, field by field, by its composite and collections resources. */
export class SalesforceRecords implements RecordConnector {
  readonly vendor = 'salesforce';
  readonly defaultMapping = salesforceDefaultMapping;
  /** Two collections in one call: more might take longer than a call is waited for, where an organisation's own triggers run. */
  readonly writesAtOnce = 2 * salesforceLimits.collectionSize;
  readonly readsAtOnce = salesforceLimits.idsPerSubquery;
  readonly stream: SalesforceStream;
  readonly bulk: SalesforceBulkWriter;
  readonly #options: SalesforceRecordsOptions;

  constructor(options: SalesforceRecordsOptions) {
    this.#options = options;
    this.stream = new SalesforceStream(options);
    this.bulk = new SalesforceBulkWriter(options);
  }

  async describe(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<ObjectDescription> {
    return await describeObject(sessionOf(this.#options, connection, signal), object);
  }

  async search(connection: Connection, selection: FieldSelection, { field, values }: { readonly field: string; readonly values: readonly string[] }, signal: AbortSignal): Promise<CrmRecord[]> {
    const { object, fields } = selection.description;
    if (values.length === 0) return [];
    if (!fields.some(({ name, type }) => name === field && type !== 'long_text' && type !== 'multi_picklist')) {
      throw new Failure('invalid', `Salesforce cannot be searched by ${field} of ${sobjectOf[object]}.`, { field });
    }
    const inTime = AbortSignal.timeout(salesforceLimits.searchTimeoutMs);
    const session = sessionOf(this.#options, connection, AbortSignal.any([signal, inTime]));
    try {
      const soql = `SELECT ${columnsOf(selection, session.settings)} FROM ${sobjectOf[object]} WHERE ${field} IN ${inList(values)} LIMIT ${salesforceLimits.mostFound}`;
      return (await readRecords(session, selection, parseRows(await queryAllRows(session, 'records.search', [soql])))).records;
    } catch (thrown) {
      if (inTime.aborted && !signal.aborted) throw new Failure('transient', 'Salesforce did not find in a second.', { cause: thrown });
      throw thrown;
    }
  }

  async getByIds(connection: Connection, selection: FieldSelection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, CrmRecord | GoneRecord>> {
    const session = sessionOf(this.#options, connection, signal);
    const rows = await rowsById(session, selection, ids);
    const { records } = await readRecords(session, selection, rows.filter(({ IsDeleted }) => !IsDeleted));
    const gone = rows.filter(({ IsDeleted }) => IsDeleted).map((row) => toGone(row, selection.description.object));
    return new Map([...records, ...gone].map((record) => [record.id, record]));
  }

  async listChanges(connection: Connection, selection: FieldSelection, cursor: string | undefined, signal: AbortSignal): Promise<ChangePage> {
    const position = readCursor(cursor, this.#now());
    const session = sessionOf(this.#options, connection, signal);
    if (position.stage === 'bulk') return await bulkPage(session, selection, position);
    return await (cursor === undefined ? beginReading(session, selection, position, this.#options.bulkReadsFrom) : changesSince(session, selection, position));
  }

  cursorFromNow(): string {
    return cursorFromNow(this.#now());
  }

  async write(connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], signal: AbortSignal): Promise<Array<RecordWritten | Failure>> {
    try {
      return await writeRecords(sessionOf(this.#options, connection, signal), description, writes, this.#now());
    } catch (thrown) {
      const failure = asFailure(thrown);
      return writes.map(() => failure);
    }
  }

  async archive(connection: Connection, _object: CrmObject, ids: readonly string[], signal: AbortSignal): Promise<Array<'archived' | Failure>> {
    try {
      return await deleteRecords(sessionOf(this.#options, connection, signal), 'records.archive', ids);
    } catch (thrown) {
      const failure = asFailure(thrown);
      return ids.map(() => failure);
    }
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
