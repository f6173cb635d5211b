import type { WriteJournal } from '../../write-journal.ts';
import { rightsOf, type ModuleRights, type Org } from '../zoho-orgs.ts';
import { noPermission, zohoError, type ZohoError } from '../zoho-refusals.ts';
import type { ModuleName } from './module-fields.ts';
import { administrator } from '../settings/org-users.ts';
import { zohoTime, type FieldValue, type ZohoRecord } from './org-records.ts';
import { checkedValues, InvalidValue, missing } from './value-checks.ts';


export interface WriteSuccess {
  code: 'SUCCESS';
  details: Record<string, unknown>;
  message: string;
  status: 'success';
  action?: 'insert' | 'update';
  duplicate_field?: string | null;
}
export type WriteResult = WriteSuccess | ZohoError;

/** Writes to one module of one organisation, record by record; `journal` is absent when a person writes, not an app. */
export class RecordWriting {
  private readonly org: Org;
  private readonly module: ModuleName;
  private readonly journal: WriteJournal | null;

  constructor(org: Org, module: ModuleName, journal: WriteJournal | null) {
    this.org = org;
    this.module = module;
    this.journal = journal;
  }

  /** Throws 403 where the user may not do that in this module. */
  require(right: keyof ModuleRights): void {
    if (this.journal !== null && !rightsOf(this.org, this.module)[right]) throw noPermission(`Crm_Implied_${right}_${this.module}`);
  }

  insert(input: Record<string, unknown>, index: number): WriteResult {
    return this.answered(() => {
      const record = this.create(this.values(input, index), index);
      return { code: 'SUCCESS', details: detailsOf(record), message: 'record added', status: 'success' };
    });
  }

  update(id: string, input: Record<string, unknown>, index: number): WriteResult {
    return this.answered(() => {
      const record = this.org.records.find(this.module, id);
      if (record === undefined) return zohoError('INVALID_DATA', 'the id given seems to be invalid', { api_name: 'id', json_path: `$.data[${String(index)}].id` });
      if (record.isLocked && this.journal !== null) return zohoError('RECORD_LOCKED', 'the record is locked', { id });
      this.change(record, this.values(input, index), index);
      return { code: 'SUCCESS', details: detailsOf(record), message: 'record updated', status: 'success' };
    });
  }

  /** Finds the record by the first of the fields that has one with that value, or makes it. */
  upsert(input: Record<string, unknown>, index: number, checkFields: readonly string[]): WriteResult {
    return this.answered(() => {
      const values = this.values(input, index);
      for (const name of checkFields) {
        const [record] = typeof values[name] === 'string' ? this.org.records.findByField(this.module, name, values[name]) : [];
        if (record === undefined) continue;
        this.change(record, values, index);
        return { code: 'SUCCESS', duplicate_field: name, action: 'update', details: detailsOf(record), message: 'record updated', status: 'success' };
      }
      const record = this.create(values, index);
      return { code: 'SUCCESS', duplicate_field: null, action: 'insert', details: detailsOf(record), message: 'record added', status: 'success' };
    });
  }

  delete(id: string): WriteResult {
    const record = this.org.records.find(this.module, id);
    if (record === undefined) return zohoError('INVALID_DATA', 'the id given seems to be invalid', { id });
    this.org.records.delete(record);
    this.count(record, 'deleted');
    return { code: 'SUCCESS', details: { id }, message: 'record deleted', status: 'success' };
  }

  private create(values: Record<string, FieldValue>, index: number): ZohoRecord {
    const lacking = this.org.fields.list(this.module).find(({ isMandatory, apiName }) => isMandatory && values[apiName] === undefined);
    if (lacking !== undefined) throw missing(lacking, index);
    this.refuseDuplicates(values, index, undefined);
    if (this.org.fields.find(this.module, 'Currency') !== undefined) values['Currency'] ??= this.org.options.currency;
    const record = this.org.records.create(this.module, values);
    this.count(record, 'created');
    return record;
  }

  private change(record: ZohoRecord, values: Record<string, FieldValue>, index: number): void {
    this.refuseDuplicates(values, index, record);
    this.count(record, this.org.records.update(record, values) ? 'updated' : 'unchanged');
  }

  private refuseDuplicates(values: Record<string, FieldValue>, index: number, self: ZohoRecord | undefined): void {
    for (const { apiName } of this.org.records.uniqueFields(this.module)) {
      const value = values[apiName];
      const [other] = typeof value === 'string' ? this.org.records.findByField(this.module, apiName, value).filter((record) => record !== self) : [];
      if (other === undefined) continue;
      const place = { api_name: apiName, json_path: `$.data[${String(index)}].${apiName}` };
      throw new InvalidValue(zohoError('DUPLICATE_DATA', 'duplicate data', { ...place, duplicate_record: { id: other.id, module: { api_name: this.module } } }));
    }
  }

  private values(input: Record<string, unknown>, index: number): Record<string, FieldValue> {
    return checkedValues(this.org.records, this.org.fields.list(this.module), input, index);
  }

  private answered(write: () => WriteResult): WriteResult {
    try {
      return write();
    } catch (error) {
      if (error instanceof InvalidValue) return error.error;
      throw error;
    }
  }

  private count(record: ZohoRecord, kind: 'created' | 'updated' | 'unchanged' | 'deleted'): void {
    this.journal?.count(this.org.orgId, this.module, record.id, kind);
  }
}

const detailsOf = (record: ZohoRecord): Record<string, unknown> => ({
  Modified_Time: zohoTime(record.modifiedAtMs), Modified_By: administrator, Created_Time: zohoTime(record.createdAtMs), id: record.id, Created_By: administrator,
});

/** A record with the chosen fields, or with all. */
export function recordAnswer(record: ZohoRecord, fields: readonly string[]): Record<string, unknown> & { id: string } {
  const all: Record<string, unknown> = {
    Owner: administrator, ...record.values, id: record.id, Created_Time: zohoTime(record.createdAtMs), Modified_Time: zohoTime(record.modifiedAtMs), Created_By: administrator, Modified_By: administrator,
  };
  return { ...Object.fromEntries(fields.map((name) => [name, all[name] ?? null])), id: record.id };
}
