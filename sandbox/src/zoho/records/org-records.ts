import type { ModuleField, ModuleFields, ModuleName } from './module-fields.ts';

export interface Lookup {
  id: string;
  name: string;
}
export type FieldValue = string | number | null | Lookup;

export interface ZohoRecord {
  module: ModuleName;
  id: string;
  values: Record<string, FieldValue>;
  createdAtMs: number;
  modifiedAtMs: number;
  /** Null while the record lives; a deleted one is in the recycle bin. */
  deletedAtMs: number | null;
  /** A person locked it: no app may change it. */
  isLocked: boolean;
}

export interface RecordChange {
  record: ZohoRecord;
  operation: 'insert' | 'update' | 'delete';
  changedFields: string[];
}

/** The records of one organisation, and the contacts that have a part in its deals. */
export class OrgRecords {
  private readonly fields: ModuleFields;
  private readonly idBase: bigint;
  private readonly changed: (change: RecordChange) => void;
  private readonly byId = new Map<string, ZohoRecord>();
  private readonly roles = new Map<string, Map<string, string>>();
  private made = 0n;

  constructor(fields: ModuleFields, orgNumber: number, changed: (change: RecordChange) => void) {
    this.fields = fields;
    this.idBase = 6_493_490_000_000_000_000n + BigInt(orgNumber) * 1_000_000_000n;
    this.changed = changed;
  }

  list(module: ModuleName): ZohoRecord[] {
    return [...this.byId.values()].filter((record) => record.module === module && record.deletedAtMs === null);
  }

  listDeleted(module: ModuleName): ZohoRecord[] {
    return [...this.byId.values()].filter((record) => record.module === module && record.deletedAtMs !== null);
  }

  find(module: ModuleName, id: string): ZohoRecord | undefined {
    const record = this.byId.get(id);
    return record?.module === module && record.deletedAtMs === null ? record : undefined;
  }

  /** Text without regard to case, as Zoho compares for duplicates unless told otherwise. */
  findByField(module: ModuleName, apiName: string, value: string): ZohoRecord[] {
    const wanted = value.toLowerCase();
    return this.list(module).filter(({ values }) => typeof values[apiName] === 'string' && values[apiName].toLowerCase() === wanted);
  }

  create(module: ModuleName, values: Record<string, FieldValue>): ZohoRecord {
    this.made += 1n;
    const now = Date.now();
    const record: ZohoRecord = { module, id: String(this.idBase + this.made), values, createdAtMs: now, modifiedAtMs: now, deletedAtMs: null, isLocked: false };
    this.finish(record);
    this.byId.set(record.id, record);
    this.changed({ record, operation: 'insert', changedFields: [] });
    return record;
  }

  /** False when nothing is another now; the time of the change moves all the same. */
  update(record: ZohoRecord, values: Record<string, FieldValue>): boolean {
    const changedFields = Object.keys(values).filter((name) => JSON.stringify(values[name]) !== JSON.stringify(record.values[name] ?? null));
    Object.assign(record.values, values);
    record.modifiedAtMs = Math.max(Date.now(), record.modifiedAtMs + 1);
    this.finish(record);
    this.changed({ record, operation: 'update', changedFields });
    return changedFields.length > 0;
  }

  /** What the kept record lacks comes from the other, which is deleted; nothing tells where it went. */
  merge(kept: ZohoRecord, duplicate: ZohoRecord): void {
    this.delete(duplicate);
    const lacking = Object.entries(duplicate.values).filter(([name]) => (kept.values[name] ?? null) === null);
    this.update(kept, Object.fromEntries(lacking));
  }

  delete(record: ZohoRecord): void {
    record.deletedAtMs = Date.now();
    this.changed({ record, operation: 'delete', changedFields: [] });
  }

  /** The contacts of a deal, each with its role; the deal's own contact is one of them. */
  rolesOf(deal: ZohoRecord): Map<string, string> {
    const own = deal.values['Contact_Name'];
    const named = typeof own === 'object' && own !== null ? [[own.id, ''] as const] : [];
    return new Map([...named, ...(this.roles.get(deal.id) ?? [])]);
  }

  addRole(deal: ZohoRecord, contactId: string, role: string): void {
    const roles = this.roles.get(deal.id) ?? new Map<string, string>();
    this.roles.set(deal.id, roles.set(contactId, role));
  }

  removeRole(deal: ZohoRecord, contactId: string): void {
    this.roles.get(deal.id)?.delete(contactId);
  }

  nameOf(record: ZohoRecord): string {
    const name = { Contacts: 'Full_Name', Accounts: 'Account_Name', Deals: 'Deal_Name' }[record.module];
    const value = record.values[name];
    return typeof value === 'string' ? value : '';
  }

  uniqueFields(module: ModuleName): ModuleField[] {
    return this.fields.list(module).filter(({ isUnique }) => isUnique);
  }

  private finish({ module, values }: ZohoRecord): void {
    if (module === 'Contacts') values['Full_Name'] = [values['First_Name'], values['Last_Name']].filter((part) => typeof part === 'string').join(' ');
  }
}

/** Zoho writes times in the organisation's zone, without milliseconds. */
export const zohoTime = (atMs: number): string => new Date(atMs + 3 * 3_600_000).toISOString().replace(/\.\d{3}Z$/, '+03:00');
