import { sobjectTypeOf } from '../records/sobject-fields.ts';
import { duplicateDeveloperName, duplicateValue, invalidInput, unknownReference } from '../salesforce-refusals.ts';
import type { CustomFields } from './custom-fields.ts';

interface PermissionSet {
  id: string;
  name: string;
  label: string;
  /** `Type.Field__c` that whoever has the set may see and edit. */
  fields: string[];
  isAssigned: boolean;
}

/** The permission sets of one org that show its user fields. */
export class PermissionSets {
  private readonly sets: PermissionSet[] = [];
  private readonly customFields: CustomFields;
  private lastNumber = 0;

  constructor(customFields: CustomFields) {
    this.customFields = customFields;
  }

  list(): readonly PermissionSet[] {
    return this.sets;
  }

  create(name: string, label: string): string {
    if (this.sets.some((set) => set.name.toLowerCase() === name.toLowerCase())) {
      throw duplicateDeveloperName(`The permission set name you've chosen is already in use by another permission set: ${name}`);
    }
    const id = this.nextId('0PS');
    this.sets.push({ id, name, label, fields: [], isAssigned: false });
    return id;
  }

  grantField(parentId: string, typeName: string, fieldName: string): string {
    const set = this.requireSet(parentId, 'ParentId');
    const type = sobjectTypeOf(typeName);
    const name = fieldName.slice(fieldName.indexOf('.') + 1);
    if (type === undefined || this.customFields.find(type, name) === undefined) throw invalidInput('Field', `bad value for restricted picklist field: ${fieldName}`);
    if (set.fields.includes(fieldName)) throw duplicateValue('ParentId, SobjectType, Field', set.id);
    set.fields.push(fieldName);
    this.showFieldsOf(set);
    return this.nextId('01k');
  }

  assign(permissionSetId: string, assigneeId: string): string {
    const set = this.requireSet(permissionSetId, 'PermissionSetId');
    if (set.isAssigned) throw duplicateValue(`Duplicate PermissionSetAssignment. Assignee: ${assigneeId}`, set.id);
    set.isAssigned = true;
    this.showFieldsOf(set);
    return this.nextId('0Pa');
  }

  private showFieldsOf(set: PermissionSet): void {
    if (!set.isAssigned) return;
    for (const granted of set.fields) {
      const [typeName = '', name = ''] = granted.split('.');
      const type = sobjectTypeOf(typeName);
      if (type !== undefined) this.customFields.show(type, name);
    }
  }

  private requireSet(id: string, field: string): PermissionSet {
    const set = this.sets.find((known) => known.id === id);
    if (set === undefined) throw unknownReference(field);
    return set;
  }

  private nextId(prefix: string): string {
    this.lastNumber += 1;
    return `${prefix}ak0${String(this.lastNumber).padStart(9, '0')}AAA`;
  }
}
