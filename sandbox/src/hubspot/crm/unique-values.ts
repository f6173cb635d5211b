import { alreadyExists, invalidProperties } from '../hubspot-refusals.ts';
import type { PropertyDefinitions } from '../properties/property-definitions.ts';
import type { PropertyValues } from '../properties/property-values.ts';
import type { CrmObjectType } from './crm-object-types.ts';

interface Holder {
  readonly id: string;
  readonly type: CrmObjectType;
  readonly properties: PropertyValues;
}

/** Which record holds which value of the properties whose values are unique; a contact's further addresses are his as well. */
export class UniqueValues {
  private readonly definitions: PropertyDefinitions;
  private readonly holders = new Map<string, string>();

  constructor(definitions: PropertyDefinitions) {
    this.definitions = definitions;
  }

  holderOf(type: CrmObjectType, property: string, value: string): string | undefined {
    return this.holders.get(keyOf(type, property, value));
  }

  /** Throws HubSpot's conflict when a value belongs to another record. */
  assertFree(type: CrmObjectType, values: PropertyValues, ownId?: string): void {
    for (const name of this.definitions.uniqueNames(type)) {
      const value = values[name];
      if (value === undefined || value === '') continue;
      const holder = this.holderOf(type, name, value);
      if (holder === undefined || holder === ownId) continue;
      if (type === 'contacts' && name === 'email') throw alreadyExists('Contact', holder);
      const message = `${value} is already the value of ${name} of record ${holder}.`;
      throw invalidProperties([{ isValid: false, message, error: 'CONFLICTING_UNIQUE_VALUE', name }]);
    }
  }

  claim(record: Holder): void {
    for (const key of this.keysOf(record)) this.holders.set(key, record.id);
  }

  release(record: Holder): void {
    for (const key of this.keysOf(record)) this.holders.delete(key);
  }

  private keysOf({ type, properties }: Holder): string[] {
    const further = type === 'contacts' ? (properties['hs_additional_emails'] ?? '').split(';') : [];
    return [
      ...this.definitions.uniqueNames(type).map((name) => [name, properties[name] ?? '']),
      ...further.map((email) => ['email', email]),
    ].flatMap(([name = '', value = '']) => (value === '' ? [] : [keyOf(type, name, value)]));
  }
}

const keyOf = (type: CrmObjectType, property: string, value: string): string =>
  JSON.stringify([type, property, property === 'email' ? value.toLowerCase() : value]);
