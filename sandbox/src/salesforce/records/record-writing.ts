import type { WriteJournal } from '../../write-journal.ts';
import { rightsOf, type ObjectRights, type Org } from '../orgs.ts';
import { duplicatesDetected, insufficientAccess, noSuchResource, rowLocked, SalesforceRefusal } from '../salesforce-refusals.ts';
import { externalIdField, sobjectTypeOf, type SObjectType } from './sobject-fields.ts';
import type { FieldValue, SObjectRecord } from './sobject-records.ts';

export interface PreparedWrite {
  run(): { record: SObjectRecord; created: boolean };
}

/** More than one record has the external id that was named. */
export class SeveralMatch extends Error {
  readonly records: SObjectRecord[];

  constructor(records: SObjectRecord[]) {
    super(`${String(records.length)} records match`);
    this.records = records;
  }
}

/** Checked writes to one org; `journal` is absent when a person writes, not an app. */
export class RecordWriting {
  private readonly org: Org;
  private readonly journal: WriteJournal | null;

  constructor(org: Org, journal: WriteJournal | null) {
    this.org = org;
    this.journal = journal;
  }

  typeOf(name: string): SObjectType {
    const type = sobjectTypeOf(name);
    if (type === undefined) throw noSuchResource();
    return type;
  }

  prepareCreate(type: SObjectType, input: Record<string, unknown>): PreparedWrite {
    this.requireRight(type, 'createable');
    const values = this.org.records.checked(type, input, null);
    this.requireNoDouble(type, values);
    return { run: () => ({ record: this.counted(this.org.records.create(type, values), 'created'), created: true }) };
  }

  prepareUpdate(record: SObjectRecord, input: Record<string, unknown>): PreparedWrite {
    this.requireRight(record.type, 'updateable');
    if (this.journal !== null && this.org.lockedIds.has(record.id)) throw rowLocked(record.id);
    const values = this.org.records.checked(record.type, input, record);
    return {
      run: () => {
        const changed = this.org.records.update(record, values);
        return { record: this.counted(record, changed ? 'updated' : 'unchanged'), created: false };
      },
    };
  }

  /** By external id: creates, or updates the one record that has it. */
  prepareUpsert(type: SObjectType, field: string, value: string, input: Record<string, unknown>): PreparedWrite {
    const matches = this.byExternalId(type, field, value);
    const [record, ...more] = matches;
    if (more.length > 0) throw new SeveralMatch(matches);
    return record === undefined
      ? this.prepareCreate(type, { ...input, [externalIdField]: value })
      : this.prepareUpdate(record, input);
  }

  /** Throws what Salesforce says of a field that is no external id. */
  byExternalId(type: SObjectType, field: string, value: string): SObjectRecord[] {
    if (this.org.records.fields(type).get(field.toLowerCase())?.externalId !== true) {
      throw new SalesforceRefusal(404, 'NOT_FOUND', 'Provided external ID field does not exist or is not accessible: ' + field);
    }
    return this.org.records.findByExternalId(type, value);
  }

  delete(record: SObjectRecord): void {
    this.prepareDelete(record).run();
  }

  prepareDelete(record: SObjectRecord): PreparedWrite {
    this.requireRight(record.type, 'deletable');
    return {
      run: () => {
        this.org.records.delete(record);
        return { record: this.counted(record, 'deleted'), created: false };
      },
    };
  }

  /** The organisation's rule against doubles: no second contact of one address. */
  private requireNoDouble(type: SObjectType, { Email: email }: Record<string, FieldValue>): void {
    if (!this.org.options.duplicateRule || type !== 'Contact' || typeof email !== 'string') return;
    const isTaken = this.org.records.list(type).some(({ deleted, values }) => !deleted && typeof values['Email'] === 'string' && values['Email'].toLowerCase() === email.toLowerCase());
    if (isTaken) throw duplicatesDetected();
  }

  /** An app has the rights of its user; a person at work in the org has all. */
  private requireRight(type: SObjectType, right: keyof ObjectRights): void {
    if (this.journal !== null && !rightsOf(this.org, type)[right]) throw insufficientAccess();
  }

  private counted(record: SObjectRecord, kind: 'created' | 'updated' | 'unchanged' | 'deleted'): SObjectRecord {
    this.journal?.count(this.org.orgId, record.type, record.id, kind);
    return record;
  }
}

/** A record as it is read: the chosen fields in the order asked for, or all. */
export function recordAnswer(record: SObjectRecord, version: string, fields: readonly string[]): Record<string, unknown> {
  const values: Record<string, FieldValue> = Object.fromEntries(fields.map((name) => [name, record.values[name] ?? null]));
  return { attributes: { type: record.type, url: `/services/data/${version}/sobjects/${record.type}/${record.id}` }, ...values };
}
