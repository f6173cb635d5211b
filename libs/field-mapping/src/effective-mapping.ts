import type { CrmObject, ObjectDescription } from '@crossdock/contracts';
import { canonicalFieldsOf } from './canonical-fields.ts';
import type { FieldMapping, MappingRules, ObjectMapping } from './field-mapping.ts';

/** A default: `out` where the hub alone knows better, so that what stands in the account is not read. */
export type DefaultRule = Pick<FieldMapping, 'field' | 'values' | 'transform'> & { readonly direction?: 'out' };

/** Where the hub's own fields, and custom ones that it knows, go at a vendor unless the tenant says otherwise, by canonical name. */
export type DefaultRules = Readonly<Partial<Record<string, DefaultRule>>>;

/** The hub's own fields of a kind of record and the custom ones that a default names: what may be switched off. */
export function knownFieldsOf(object: CrmObject, defaults: DefaultRules): string[] {
  return [...new Set([...canonicalFieldsOf(object).keys(), ...Object.keys(defaults)])];
}

/**
 * The rules that hold in an account: the tenant's own, and the defaults of the fields that they say nothing of. A
 * default whose field the account does not have, or does not let be written that is only written, is left out; another one whose
 * field is read only is only read.
 */
export function effectiveMapping(object: CrmObject, defaults: DefaultRules, { fields: own, off }: MappingRules, description: ObjectDescription): ObjectMapping {
  const decided = new Set([...own.map(({ canonical }) => canonical), ...off]);
  const described = new Map(description.fields.map((field) => [field.name, field]));
  const fromDefaults = knownFieldsOf(object, defaults).flatMap((canonical): FieldMapping[] => {
    const rule = defaults[canonical];
    const field = rule && described.get(rule.field);
    if (!rule || !field || decided.has(canonical) || (field.isReadOnly && rule.direction === 'out')) return [];
    return [{ canonical, ...rule, direction: field.isReadOnly ? 'in' : rule.direction ?? 'both' }];
  });
  return { object, fields: [...fromDefaults, ...own] };
}
