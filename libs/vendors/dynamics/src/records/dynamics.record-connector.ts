import type { Connection } from '@crossdock/connections';
import type { ChangePage, CrmRecord, DealLineWriter, FieldSelection, GoneRecord, RecordConnector, RecordWrite, RecordWritten } from '@crossdock/crm-connector';
import { asFailure, Failure, type CrmObject, type FieldType, type ObjectDescription } from '@crossdock/contracts';
import { DynamicsSession, quoted, type DynamicsApiOptions } from '../dynamics.api.ts';
import { dynamicsLimits } from '../dynamics.limits.ts';
import { archiveDynamicsRecords } from './dynamics.archive.ts';
import { listDynamicsChanges } from './dynamics.changes.ts';
import { DynamicsCurrencies } from './dynamics.currencies.ts';
import { writeOpportunityLines } from './dynamics.deal-lines.ts';
import { describeTable } from './dynamics.descriptions.ts';
import { withoutRemoved } from './dynamics.removed-columns.ts';
import { findRows, isRowId, readRows, toRecords } from './dynamics.rows.ts';
import { defaultMapping } from './dynamics.tables.ts';
import { writeDynamicsRecords } from './dynamics.writes.ts';

export interface DynamicsRecordsOptions extends DynamicsApiOptions {
  readonly now?: () => number;
  /** Rows in a page of changes. */
  readonly changesPerPage?: number;
}

const searchable: ReadonlySet<FieldType> = new Set(['text', 'email', 'phone', 'url']);

/** Contacts, accounts and opportunities of Dynamics 365, field by field. */
export class DynamicsRecords implements RecordConnector {
  readonly vendor = 'dynamics';
  readonly defaultMapping = defaultMapping;
  readonly writesAtOnce = dynamicsLimits.writesAtOnce;
  readonly dealLines: DealLineWriter = { write: (connection, deals, signal) => writeOpportunityLines(this.#session(connection, signal), deals) };
  readonly #options: DynamicsApiOptions;
  readonly #now: () => number;
  readonly #changesPerPage: number;
  readonly #currencies: DynamicsCurrencies;

  constructor({ now = Date.now, changesPerPage = dynamicsLimits.changesPerPage, ...options }: DynamicsRecordsOptions) {
    this.#options = options;
    this.#now = now;
    this.#changesPerPage = changesPerPage;
    this.#currencies = new DynamicsCurrencies(now);
  }

  describe(connection: Connection, object: CrmObject, signal: AbortSignal): Promise<ObjectDescription> {
    return describeTable(this.#session(connection, signal), object);
  }

  async search(
    connection: Connection, selection: FieldSelection, by: { readonly field: string; readonly values: readonly string[] }, signal: AbortSignal,
  ): Promise<CrmRecord[]> {
    const { object, fields } = selection.description;
    if (!fields.some(({ name, type }) => name === by.field && searchable.has(type))) {
      throw new Failure('invalid', `Dynamics cannot search a ${object} by ${by.field}.`, { field: by.field });
    }
    const session = this.#session(connection, AbortSignal.any([signal, AbortSignal.timeout(dynamicsLimits.searchBudgetMs)]));
    const conditions = [...new Set(by.values)].map((value) => `${by.field} eq ${quoted(value)}`);
    if (conditions.length === 0) return [];
    const currencies = await this.#currenciesOf(object, session);
    return withoutRemoved(selection, async (present) => {
      const rows = await findRows(session, present, conditions, dynamicsLimits.keysPerFilter);
      return (await toRecords(session, present, rows.slice(0, dynamicsLimits.mostFound), currencies)).records;
    });
  }

  /** Dataverse does not tell a row that was deleted from one that never was: an id that it does not know is taken for a row that is no more. */
  async getByIds(connection: Connection, selection: FieldSelection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, CrmRecord | GoneRecord>> {
    const { object } = selection.description;
    const session = this.#session(connection, signal);
    const known = [...new Set(ids)].filter(isRowId);
    const currencies = await this.#currenciesOf(object, session);
    const { records, gone } = await withoutRemoved(selection, async (present) => toRecords(session, present, await readRows(session, present, known), currencies));
    const found = new Map([...records, ...gone].map((record) => [record.id.toLowerCase(), record]));
    return new Map(known.map((id): [string, CrmRecord | GoneRecord] => [id, found.get(id.toLowerCase()) ?? { object, id, gone: 'archived' }]));
  }

  async listChanges(connection: Connection, selection: FieldSelection, cursor: string | undefined, signal: AbortSignal): Promise<ChangePage> {
    const session = this.#session(connection, signal);
    const currencies = await this.#currenciesOf(selection.description.object, session);
    const nowMs = this.#now();
    return withoutRemoved(selection, (present) => listDynamicsChanges({ session, selection: present, cursor, nowMs, pageSize: this.#changesPerPage, currencies }));
  }

  async write(connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], signal: AbortSignal): Promise<Array<RecordWritten | Failure>> {
    const session = this.#session(connection, signal);
    try {
      return await writeDynamicsRecords(session, description, writes, await this.#currenciesOf(description.object, session));
    } catch (thrown) {
      const failure = asFailure(thrown);
      return writes.map(() => failure);
    }
  }

  archive(connection: Connection, object: CrmObject, ids: readonly string[], signal: AbortSignal): Promise<Array<'archived' | Failure>> {
    return archiveDynamicsRecords(this.#session(connection, signal), object, ids);
  }

  #session(connection: Connection, signal: AbortSignal): DynamicsSession {
    return new DynamicsSession(this.#options, connection, signal);
  }

  /** Contacts keep no amounts. */
  async #currenciesOf(object: CrmObject, session: DynamicsSession): Promise<ReadonlyMap<string, string>> {
    return object === 'contact' ? new Map() : this.#currencies.of(session);
  }
}
