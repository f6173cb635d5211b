import type { Connection } from '@crossdock/connections';
import type { ChangePage, CrmRecord, FieldSelection, GoneRecord, RecordConnector, RecordWrite, RecordWritten } from '@crossdock/crm-connector';
import { asFailure, Failure, type CrmObject, type ObjectDescription } from '@crossdock/contracts';
import { BulkReading } from '../bulk-reading/bulk-reading.ts';
import { ZohoBulkWriter } from '../bulk-writing/zoho-bulk-writer.ts';
import { ZohoApi, type ZohoApiOptions } from '../zoho.api.ts';
import { readSettings } from '../zoho.data-centres.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { ZohoStages } from '../zoho.stages.ts';
import { archiveZohoRecords } from './zoho.archive.ts';
import { cursorFrom, listZohoChanges } from './zoho.changes.ts';
import { CurrentFields } from './zoho.current-fields.ts';
import { findDeleted } from './zoho.deleted.ts';
import { describeModule } from './zoho.descriptions.ts';
import { defaultMapping, isDerived } from './zoho.modules.ts';
import { findRows, readRows, toRecords, type Organisation } from './zoho.rows.ts';
import { writeZohoRecords } from './zoho.writes.ts';

export interface ZohoRecordsOptions extends ZohoApiOptions {
  readonly now?: () => number;
  /** Records in a page of changes; deals come in smaller ones. */
  readonly changesPerPage?: number;
  /** Modules of more records than this are read whole by a job of Zoho's. */
  readonly bulkReadsFrom?: number;
  /** How long the first pause between two looks at a job is; each further one is twice as long. */
  readonly bulkFirstPauseMs?: number;
}

/** Contacts, accounts and deals of Zoho CRM, field by field. */
export class ZohoRecords implements RecordConnector {
  readonly vendor = 'zoho';
  readonly defaultMapping = defaultMapping;
  readonly #options: ZohoApiOptions;
  readonly #now: () => number;
  readonly #changesPerPage: number;
  readonly #stages: ZohoStages;
  readonly #currentFields: CurrentFields;
  readonly #bulkReading: BulkReading;
  readonly bulk: ZohoBulkWriter;

  constructor({ now = Date.now, changesPerPage = zohoLimits.rowsPerQuery, bulkReadsFrom, bulkFirstPauseMs, ...options }: ZohoRecordsOptions) {
    this.#options = options;
    this.#now = now;
    this.#changesPerPage = changesPerPage;
    this.#stages = new ZohoStages(now);
    this.#currentFields = new CurrentFields(now);
    this.#bulkReading = new BulkReading({ readsFrom: bulkReadsFrom, firstPauseMs: bulkFirstPauseMs });
    this.bulk = new ZohoBulkWriter({
      firstPauseMs: bulkFirstPauseMs, apiOf: (connection, signal) => new ZohoApi(options, connection, signal),
      factsFor: (connection, object, api, writes) => this.#factsFor(connection, object, api, writes),
    });
  }

  describe(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<ObjectDescription> {
    const isCurrencyKnown = readSettings(connection.settings).companyCurrency !== undefined;
    return describeModule(new ZohoApi(this.#options, connection, signal), object, { isCurrencyKnown });
  }

  async search(
    connection: Connection, selection: FieldSelection, by: { readonly field: string; readonly values: readonly string[] }, signal: AbortSignal,
  ): Promise<CrmRecord[]> {
    const { object, fields } = selection.description;
    // Zoho takes no field of several lines in a condition.
    const isSearchable = fields.some(({ name, type }) => name === by.field && type !== 'long_text' && !isDerived(name));
    if (!isSearchable) throw new Failure('invalid', `Zoho cannot search a ${object} by ${by.field}.`, { field: by.field });
    const api = new ZohoApi(this.#options, connection, AbortSignal.any([signal, AbortSignal.timeout(zohoLimits.searchBudgetMs)]));
    const rows = (await findRows(api, selection, by)).slice(0, zohoLimits.recordBatchSize);
    return toRecords(api, selection, rows, await this.#organisation(connection, object, api));
  }

  async getByIds(connection: Connection, selection: FieldSelection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, CrmRecord | GoneRecord>> {
    const { object } = selection.description;
    const api = new ZohoApi(this.#options, connection, signal);
    const rows = await readRows(api, selection, ids);
    const records = await toRecords(api, selection, rows, await this.#organisation(connection, object, api));
    const missing = new Set(ids.filter((id) => !rows.some((row) => row.id === id)));
    const gone = missing.size === 0 ? [] : await findDeleted(api, object, missing);
    return new Map<string, CrmRecord | GoneRecord>([
      ...records.map((record) => [record.id, record] as const),
      ...gone.map((id): [string, GoneRecord] => [id, { object, id, gone: 'archived' }]),
    ]);
  }

  async listChanges(connection: Connection, selection: FieldSelection, cursor: string | undefined, signal: AbortSignal): Promise<ChangePage> {
    const { object } = selection.description;
    const api = new ZohoApi(this.#options, connection, signal);
    const pageSize = object === 'deal' ? Math.min(this.#changesPerPage, zohoLimits.dealsPerPage) : this.#changesPerPage;
    const organisation = await this.#organisation(connection, object, api);
    const call = { api, selection, cursor, nowMs: this.#now(), pageSize, organisation };
    return await this.#bulkReading.page(connection.id, call) ?? listZohoChanges(call);
  }

  cursorFromNow(): string {
    return cursorFrom(this.#now());
  }

  async write(connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], signal: AbortSignal): Promise<Array<RecordWritten | Failure>> {
    const api = new ZohoApi(this.#options, connection, signal);
    try {
      return await writeZohoRecords(api, description, writes, await this.#factsFor(connection, description.object, api, writes));
    } catch (thrown) {
      const failure = asFailure(thrown);
      return writes.map(() => failure);
    }
  }

  archive(connection: Connection, object: CrmObject, ids: readonly string[], signal: AbortSignal): Promise<Array<'archived' | Failure>> {
    return archiveZohoRecords(new ZohoApi(this.#options, connection, signal), object, ids);
  }

  /** What the organisation has to say before records are written. */
  async #factsFor(connection: Connection, object: CrmObject, api: ZohoApi, writes: readonly RecordWrite[]): Promise<{ readonly organisation: Organisation; readonly currentFields: ReadonlySet<string> }> {
    const names = new Set(writes.flatMap(({ fields }) => Object.keys(fields)).filter((name) => !isDerived(name)));
    return { organisation: await this.#organisation(connection, object, api), currentFields: await this.#currentFields.of(connection.id, object, api, [...names]) };
  }

  async #organisation(connection: Connection, object: CrmObject, api: ZohoApi): Promise<Organisation> {
    const { companyCurrency: currency } = readSettings(connection.settings);
    return { currency, stages: object === 'deal' ? await this.#stages.of(connection.id, api) : undefined };
  }
}
