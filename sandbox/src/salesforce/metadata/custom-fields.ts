import {
  externalIdField, field, lineItemsField, orderSourceField, orderStatusField, sampleRequestField, sampleStatusField, type SObjectField, type SObjectType,
} from '../records/sobject-fields.ts';

interface CustomField {
  id: string;
  type: SObjectType;
  field: SObjectField;
}

/** The fields that an administrator, or an app, has added to the types of one org. */
export class CustomFields {
  private readonly added: CustomField[] = [];
  /** `Type.Field__c` of those that the org's user may see. */
  private readonly visible = new Set<string>();
  private lastNumber = 0;

  list(): readonly CustomField[] {
    return this.added;
  }

  find(type: SObjectType, name: string): CustomField | undefined {
    return this.added.find((known) => known.type === type && known.field.name.toLowerCase() === name.toLowerCase());
  }

  /** Those of a type that the org's user sees: a field that the interface made is hidden until a permission set shows it. */
  visibleOf(type: SObjectType): SObjectField[] {
    return this.added.filter((known) => known.type === type && this.visible.has(nameOf(type, known.field.name))).map((known) => known.field);
  }

  add(type: SObjectType, added: SObjectField): CustomField {
    this.lastNumber += 1;
    const known = { id: `00Nak0${String(this.lastNumber).padStart(9, '0')}AAA`, type, field: added };
    this.added.push(known);
    return known;
  }

  /** Answers whether it was there. */
  remove(type: SObjectType, name: string): boolean {
    const position = this.added.findIndex((known) => known.type === type && known.field.name === name);
    if (position >= 0) this.added.splice(position, 1);
    return position >= 0;
  }

  show(type: SObjectType, name: string): void {
    this.visible.add(nameOf(type, name));
  }

  /** As an administrator makes them who followed what the hub asks for. */
  addAllOfCrossdock(isUnique: boolean): void {
    for (const type of ['Account', 'Contact', 'Opportunity'] as const) {
      if (this.find(type, externalIdField) === undefined) this.add(type, field(externalIdField, 'string', { externalId: true, unique: isUnique, label: 'Crossdock External Id' }));
      this.show(type, externalIdField);
    }
    for (const name of [orderStatusField, lineItemsField, orderSourceField, sampleRequestField, sampleStatusField]) {
      if (this.find('Opportunity', name) === undefined) this.add('Opportunity', name === lineItemsField ? field(name, 'textarea', { length: 32_768 }) : field(name, 'string'));
      this.show('Opportunity', name);
    }
  }

  clear(): void {
    this.added.length = 0;
    this.visible.clear();
  }
}

function nameOf(type: SObjectType, name: string): string {
  return `${type}.${name}`.toLowerCase();
}
