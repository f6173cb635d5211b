import type { CustomFields } from '../metadata/custom-fields.ts';
import type { ChangeEvents } from '../streaming/change-events.ts';
import { longId, numberedId } from './record-ids.ts';
import {
  externalIdField,
  fieldsOf,
  idPrefixes,
  opportunityStages,
  requiredFields,
  sobjectTypeOf,
  sobjectTypes,
  type SObjectField,
  type SObjectType,
} from './sobject-fields.ts';
import {
  duplicateValue,
  foreignKeyNotFound,
  inactiveOwner,
  missingFields,
  noSuchColumn,
  notInPicklist,
  notWritable,
  tooLong,
  unknownReference,
  wrongType,
} from '../salesforce-refusals.ts';

export type FieldValue = string | number | boolean | null;

export interface SObjectRecord {
  type: SObjectType;
  id: string;
  deleted: boolean;
  values: Record<string, FieldValue>;
}

export interface OrgUser {
  id: string;
  email: string;
  isActive: boolean;
}

/** Salesforce keeps whole seconds, and writes the zone of its times as +0000. */
const salesforceTime = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}.000+0000`;

/** The records of one org. */
export class SObjectRecords {
  private readonly customFields: CustomFields;
  private readonly users: readonly OrgUser[];
  private readonly changeEvents: Pick<ChangeEvents, 'tell'>;
  private readonly byId = new Map<string, SObjectRecord>();
  private readonly idsByExternalId = new Map<string, string[]>();
  private lastNumber = 1_000;

  /** @param users the first of them makes the records. */
  constructor(customFields: CustomFields, users: readonly OrgUser[], changeEvents: Pick<ChangeEvents, 'tell'>) {
    this.customFields = customFields;
    this.users = users;
    this.changeEvents = changeEvents;
  }

  fields(type: SObjectType): Map<string, SObjectField> {
    return fieldsOf(type, this.customFields.visibleOf(type));
  }

  list(type: SObjectType): SObjectRecord[] {
    return [...this.byId.values()].filter((record) => record.type === type);
  }

  /** Takes the 15- and the 18-character form. */
  find(type: SObjectType, id: string): SObjectRecord | undefined {
    const record = this.byId.get(id.length === 15 ? longId(id) : id);
    return record?.type === type ? record : undefined;
  }

  /** External ids are compared without regard to case. */
  findByExternalId(type: SObjectType, value: string): SObjectRecord[] {
    const ids = this.idsByExternalId.get(externalKey(type, value)) ?? [];
    return ids.flatMap((id) => {
      const record = this.byId.get(id);
      return record === undefined || record.deleted ? [] : [record];
    });
  }

  /** The values in stored form; throws Salesforce's refusal of the first that is wrong. */
  checked(type: SObjectType, input: Record<string, unknown>, existing: SObjectRecord | null): Record<string, FieldValue> {
    const fields = this.fields(type);
    const values: Record<string, FieldValue> = {};
    for (const [name, value] of Object.entries(input)) {
      if (name === 'attributes') continue;
      const reference = [...fields.values()].find((field) => field.relationshipName === name);
      if (reference !== undefined && typeof value === 'object' && value !== null) {
        values[reference.name] = this.referenced(reference, value);
        continue;
      }
      const field = fields.get(name.toLowerCase());
      if (field === undefined) throw noSuchColumn(name, type);
      if (existing === null ? !field.createable : !field.updateable) throw notWritable(field.name);
      values[field.name] = storedValue(field, value);
      this.assertReferenced(field, values[field.name] ?? null);
    }
    const after: Record<string, FieldValue> = { ...existing?.values, ...values };
    const missing = requiredFields[type].filter((name) => (after[name] ?? null) === null);
    if (missing.length > 0) throw missingFields(missing);
    const externalId = values[externalIdField];
    if (fields.get(externalIdField.toLowerCase())?.unique === true && typeof externalId === 'string') {
      const holder = this.findByExternalId(type, externalId).find((record) => record.id !== existing?.id);
      if (holder !== undefined) throw duplicateValue(externalIdField, holder.id);
    }
    return values;
  }

  create(type: SObjectType, values: Record<string, FieldValue>): SObjectRecord {
    this.lastNumber += 1;
    const id = numberedId(idPrefixes[type], this.lastNumber);
    const now = salesforceTime(Date.now());
    const record: SObjectRecord = { type, id, deleted: false, values: { Id: id, IsDeleted: false, CreatedDate: now, ...(this.fields(type).has('ownerid') && { OwnerId: this.users[0]?.id ?? null }) } };
    this.byId.set(id, record);
    this.store(record, values, now);
    this.changeEvents.tell('CREATE', record, [...Object.keys(values), 'CreatedDate', 'LastModifiedDate']);
    return record;
  }

  /** Answers whether anything changed. A write that changes nothing still moves the times, as in Salesforce. */
  update(record: SObjectRecord, values: Record<string, FieldValue>): boolean {
    const changed = Object.entries(values).flatMap(([name, value]) => ((record.values[name] ?? null) === value ? [] : [name]));
    this.store(record, values, salesforceTime(Date.now()));
    if (changed.length > 0) this.changeEvents.tell('UPDATE', record, [...changed, 'LastModifiedDate']);
    return changed.length > 0;
  }

  /** With a contact or an opportunity go the roles between them. */
  delete(record: SObjectRecord): void {
    record.deleted = true;
    const now = salesforceTime(Date.now());
    record.values = { ...record.values, IsDeleted: true, LastModifiedDate: now, SystemModstamp: now };
    this.changeEvents.tell('DELETE', record, []);
    for (const role of this.rolesOf(record)) this.delete(role);
  }

  /** The winner takes over the loser's roles; the loser is deleted and says where it went. */
  mergeContacts(winner: SObjectRecord, loser: SObjectRecord): void {
    for (const role of this.rolesOf(loser)) this.update(role, { ContactId: winner.id });
    this.delete(loser);
    loser.values = { ...loser.values, MasterRecordId: winner.id };
    this.update(winner, {});
  }

  private rolesOf({ type, id }: SObjectRecord): SObjectRecord[] {
    const field = type === 'Contact' ? 'ContactId' : type === 'Opportunity' ? 'OpportunityId' : undefined;
    return field === undefined ? [] : this.list('OpportunityContactRole').filter((role) => !role.deleted && role.values[field] === id);
  }

  private assertReferenced(field: SObjectField, value: FieldValue): void {
    if (field.type !== 'reference' || typeof value !== 'string') return;
    if (field.referenceTo.includes('User')) {
      const user = this.users.find(({ id }) => id === value);
      if (user === undefined) throw unknownReference(field.name);
      if (!user.isActive) throw inactiveOwner(field.name);
      return;
    }
    const record = sobjectTypes.filter((type) => field.referenceTo.includes(type)).map((type) => this.find(type, value)).find((found) => found !== undefined);
    if (record === undefined || record.deleted) throw unknownReference(field.name);
  }

  private store(record: SObjectRecord, values: Record<string, FieldValue>, now: string): void {
    const before = record.values[externalIdField];
    record.values = { ...record.values, ...values, LastModifiedDate: now, SystemModstamp: now };
    Object.assign(record.values, workedOut(record, values));
    const after = record.values[externalIdField];
    if (before === after) return;
    if (typeof before === 'string') {
      const key = externalKey(record.type, before);
      this.idsByExternalId.set(key, (this.idsByExternalId.get(key) ?? []).filter((id) => id !== record.id));
    }
    if (typeof after === 'string') {
      const key = externalKey(record.type, after);
      this.idsByExternalId.set(key, [...(this.idsByExternalId.get(key) ?? []), record.id]);
    }
  }

  /** A parent may be named by its external id: `"Account": {"Crossdock_External_Id__c": "…"}`. */
  private referenced(field: SObjectField, given: object): string {
    const [name = '', value] = Object.entries(given).filter(([key]) => key !== 'attributes')[0] ?? [];
    const type = sobjectTypeOf(field.referenceTo[0] ?? '');
    const found = type === undefined || name !== externalIdField ? [] : this.findByExternalId(type, String(value));
    const [parent] = found;
    if (parent === undefined) throw foreignKeyNotFound(String(value), name, field.referenceTo[0] ?? '');
    return parent.id;
  }
}

const externalKey = (type: SObjectType, value: string): string => `${type}/${value.toLowerCase()}`;

function storedValue(field: SObjectField, value: unknown): FieldValue {
  if (value === null || value === undefined || value === '') return field.type === 'boolean' ? false : null;
  if (field.type === 'boolean' && typeof value === 'boolean') return value;
  if ((field.type === 'currency' || field.type === 'double') && Number.isFinite(Number(value))) return Number(value);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  if (text === null || !hasForm(field, text)) throw wrongType(field.label, field.name, JSON.stringify(value));
  if (field.restrictedPicklist && text.split(field.type === 'multipicklist' ? ';' : '\n').some((part) => !field.picklist.includes(part))) throw notInPicklist(field.label, field.name, text);
  if (field.length > 0 && text.length > field.length) throw tooLong(field.label, field.name, text, field.length);
  return field.type === 'datetime' ? salesforceTime(Date.parse(text)) : text;
}

function hasForm(field: SObjectField, text: string): boolean {
  if (field.type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (field.type === 'datetime') return !Number.isNaN(Date.parse(text));
  if (field.type === 'email') return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
  return field.type !== 'boolean' && field.type !== 'currency' && field.type !== 'double';
}

/** What Salesforce derives: a contact's whole name, and from a stage whether a deal is closed, won and how likely. */
function workedOut(record: SObjectRecord, written: Record<string, FieldValue>): Record<string, FieldValue> {
  const { values } = record;
  if (record.type === 'Contact') {
    return { Name: [values['FirstName'], values['LastName']].filter((part) => typeof part === 'string').join(' ') };
  }
  const stage = written['StageName'];
  if (record.type !== 'Opportunity' || typeof stage !== 'string') return {};
  const probability = opportunityStages[stage] ?? 0;
  return {
    IsClosed: stage.startsWith('Closed'),
    IsWon: stage === 'Closed Won',
    Probability: written['Probability'] ?? probability,
  };
}
