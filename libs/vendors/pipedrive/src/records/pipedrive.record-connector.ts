import type { Connection } from '@crossdock/connections';
import { sendInBatches, type ChangePage, type CrmRecord, type FieldSelection, type GoneRecord, type RecordConnector, type RecordWrite, type RecordWritten } from '@crossdock/crm-connector';
import { asFailure, Failure, type CrmObject, type ObjectDescription } from '@crossdock/contracts';
import { PipedriveSession, type PipedriveApiOptions } from '../pipedrive.api.ts';
import { HubFields } from '../pipedrive.hub-fields.ts';
import { pipedriveLimits } from '../pipedrive.limits.ts';
import { cursorFromNow, listPipedriveChanges } from './pipedrive.changes.ts';
import { describeRecords } from './pipedrive.descriptions.ts';
import { defaultMapping, kindOf } from './pipedrive.kinds.ts';
import { findDeleted, numbersOf, readRows, toRecords } from './pipedrive.rows.ts';
import { searchedAs, searchRows } from './pipedrive.targets.ts';
import { writePipedriveRecords } from './pipedrive.writes.ts';

export interface PipedriveRecordsOptions extends PipedriveApiOptions {
  readonly now?: () => number;
  /** Records in a page of changes. */
  readonly changesPerPage?: number;
}

/** Persons, organisations and deals of Pipedrive, field by field. */
export class PipedriveRecords implements RecordConnector {
  readonly vendor = 'pipedrive';
  readonly defaultMapping = defaultMapping;
  readonly #options: PipedriveApiOptions;
  readonly #now: () => number;
  readonly #changesPerPage: number;
  protected readonly hubFields: HubFields;

  constructor({ now = Date.now, changesPerPage = pipedriveLimits.pageSize, ...options }: PipedriveRecordsOptions) {
    this.#options = options;
    this.#now = now;
    this.#changesPerPage = changesPerPage;
    this.hubFields = new HubFields(now);
  }

  async describe(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<ObjectDescription> {
    const session = new PipedriveSession(this.#options, connection, signal);
    return describeRecords(session, object, await this.hubFields.find(session, kindOf(object).owner));
  }

  async search(
    connection: Connection, selection: FieldSelection, by: { readonly field: string; readonly values: readonly string[] }, signal: AbortSignal,
  ): Promise<CrmRecord[]> {
    const { object, fields } = selection.description;
    if (searchedAs(object, by.field) === undefined || !fields.some(({ name }) => name === by.field)) {
      throw new Failure('invalid', `Pipedrive cannot search a ${object} by ${by.field}.`, { field: by.field });
    }
    const session = new PipedriveSession(this.#options, connection, AbortSignal.any([signal, AbortSignal.timeout(pipedriveLimits.searchBudgetMs)]));
    const found = await Promise.all([...new Set(by.values)].map((value) => searchRows(session, object, by.field, value)));
    const rows = [...new Map(found.flat().map((row) => [row.id, row])).values()].slice(0, pipedriveLimits.idsPerCall);
    return toRecords(session, selection, rows, await this.hubFields.find(session, kindOf(object).owner));
  }

  async getByIds(connection: Connection, selection: FieldSelection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, CrmRecord | GoneRecord>> {
    const { object } = selection.description;
    const session = new PipedriveSession(this.#options, connection, signal);
    const wanted = numbersOf(ids);
    const rows = await readRows(session, object, wanted);
    const records = await toRecords(session, selection, rows, await this.hubFields.find(session, kindOf(object).owner));
    const deleted = await findDeleted(session, object, wanted.filter((id) => !rows.some((row) => row.id === id)));
    return new Map<string, CrmRecord | GoneRecord>([
      ...records.map((record) => [record.id, record] as const),
      ...deleted.map((id): [string, GoneRecord] => [String(id), { object, id: String(id), gone: 'archived' }]),
    ]);
  }

  async listChanges(connection: Connection, selection: FieldSelection, cursor: string | undefined, signal: AbortSignal): Promise<ChangePage> {
    const session = new PipedriveSession(this.#options, connection, signal);
    const codes = await this.hubFields.find(session, kindOf(selection.description.object).owner);
    return listPipedriveChanges({ session, selection, cursor, nowMs: this.#now(), pageSize: this.#changesPerPage, codes });
  }

  cursorFromNow(): string {
    return cursorFromNow(this.#now());
  }

  async write(connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], signal: AbortSignal): Promise<Array<RecordWritten | Failure>> {
    try {
      const session = new PipedriveSession(this.#options, connection, signal);
      const codes = await this.hubFields.find(session, kindOf(description.object).owner);
      return await writePipedriveRecords(session, description, writes, { codes, nowMs: this.#now() });
    } catch (thrown) {
      const failure = asFailure(thrown);
      return writes.map(() => failure);
    }
  }

  /** A call a record; one that Pipedrive does not know is not there any more. */
  async archive(connection: Connection, object: CrmObject, ids: readonly string[], signal: AbortSignal): Promise<Array<'archived' | Failure>> {
    const session = new PipedriveSession(this.#options, connection, signal);
    const { path } = kindOf(object);
    return sendInBatches<string, 'archived'>(ids, {
      keyOf: (id) => id, maxBatchSize: 1,
      send: (batch) => Promise.all(batch.map(async (id) => {
        if (numbersOf([id]).length === 0) throw new Failure('not_found', 'A record to be archived has an id that is none of Pipedrive’s.', { record: `pipedrive ${object}` });
        try {
          await session.remove({ operation: `${path}.delete`, path: `${pipedriveLimits.apiV2}/${path}/${id}` });
        } catch (thrown) {
          if (asFailure(thrown).kind !== 'not_found') throw thrown;
        }
        return 'archived' as const;
      })),
    });
  }
}
