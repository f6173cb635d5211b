import type { CrmObject, FieldDescription, FieldType, ObjectDescription } from '@crossdock/contracts';
import type { FieldMapping, ObjectMapping } from './field-mapping.ts';

/** A field of an account, writable and not required unless it is said otherwise. */
export function described(name: string, type: FieldType, more: Partial<FieldDescription> = {}): FieldDescription {
  return { name, label: name, type, isCustom: false, isReadOnly: false, isRequired: false, ...more };
}

export function options(...values: string[]): NonNullable<FieldDescription['options']> {
  return values.map((value) => ({ value, label: value, isActive: true }));
}

export function account(object: CrmObject, ...fields: FieldDescription[]): ObjectDescription {
  return { object, fields };
}

/** Rules as [canonical, field, more]; each goes both ways unless it is said otherwise. */
export function mapping(object: CrmObject, ...rules: Array<readonly [canonical: string, field: string, more?: Partial<FieldMapping>]>): ObjectMapping {
  return { object, fields: rules.map(([canonical, field, more]) => ({ canonical, field, direction: 'both', ...more })) };
}
