import type { CrmObject, ObjectDescription } from '@crossdock/contracts';
import { canonicalFieldsOf } from './canonical-fields.ts';
import type { FieldMapping, MappingRules, ObjectMapping } from './field-mapping.ts';

/** Where the hub's own fields go at a vendor unless the tenant says otherwise, by canonical name. */
export type DefaultRules = Readonly<Partial<Record<string, Pick<FieldMapping, 'field' | 'values' | 'transform'>>>>;

/**
 * The rules that hold in an account: the tenant's own, and the defaults of the canonical fields that they say nothing of. A
 * default whose field the account does not have is left out, and one whose field is read only there is only read.
 */
export function effectiveMapping(object: CrmObject, defaults: DefaultRules, { fields: own, off }: MappingRules, description: ObjectDescription): ObjectMapping {
  const decided = new Set([...own.map(({ canonical }) => canonical), ...off]);
  const described = new Map(description.fields.map((field) => [field.name, field]));
  const fromDefaults = [...canonicalFieldsOf(object).keys()].flatMap((canonical): FieldMapping[] => {
    const rule = defaults[canonical];
    const field = rule && described.get(rule.field);
    return rule && field && !decided.has(canonical) ? [{ canonical, ...rule, direction: field.isReadOnly ? 'in' : 'both' }] : [];
  });
  return { object, fields: [...fromDefaults, ...own] };
}
