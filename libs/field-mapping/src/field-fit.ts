import type { FieldDescription, FieldType } from '@crossdock/contracts';
import type { CanonicalType } from './canonical-fields.ts';
import { transformNames, type FieldMapping, type TransformName } from './field-mapping.ts';
import { transforms, type ExposedType } from './transforms.ts';

/** What vendor fields, seen through their transform, a canonical field can be kept in, and what else it can be read from. */
const fits: Readonly<Record<CanonicalType, { readonly both: readonly ExposedType[]; readonly in?: readonly ExposedType[] }>> = {
  text: { both: ['text', 'long_text', 'shortened'], in: ['email', 'phone', 'url', 'picklist'] },
  long_text: { both: ['text', 'long_text', 'shortened'] },
  email: { both: ['email', 'text', 'long_text'] },
  phone: { both: ['phone', 'text', 'long_text'] },
  country: { both: ['country', 'text', 'long_text', 'picklist'] },
  hostname: { both: ['hostname', 'text', 'long_text', 'url'] },
  money: { both: ['money'] },
  date_time: { both: ['date_time', 'date'] },
  choice: { both: ['picklist', 'text', 'long_text'] },
};

/** Vendor fields whose values are words that a rule can name. */
export const wordTypes: ReadonlySet<FieldType> = new Set(['text', 'picklist', 'multi_picklist']);

/** What the field looks like through the rule's transform; undefined where the transform is not for its type. */
export function exposedType({ type }: Pick<FieldDescription, 'type'>, transform: TransformName | undefined): ExposedType | undefined {
  return transform === undefined ? type : transforms[transform].types[type];
}

/** Whether a canonical field of this type, or a custom one (undefined), can be kept in, or read from, what the field looks like. */
export function isFitting(type: CanonicalType | undefined, exposed: ExposedType, direction: FieldMapping['direction']): boolean {
  if (type === undefined) return true;
  return fits[type].both.includes(exposed) || (direction === 'in' && fits[type].in?.includes(exposed) === true);
}

/** The vendor types that would do for a canonical type, and transforms that would make this field do. */
export function fittingTypes(type: CanonicalType, field: Pick<FieldDescription, 'type'>, direction: FieldMapping['direction']): { readonly types: FieldType[]; readonly transforms: TransformName[] } {
  return {
    types: [...fits[type].both, ...(direction === 'in' ? fits[type].in ?? [] : [])].filter((each) => each !== 'country' && each !== 'hostname' && each !== 'shortened' && each !== 'owner_email'),
    transforms: transformNames.filter((name) => {
      const exposed = exposedType(field, name);
      return exposed !== undefined && exposed !== field.type && isFitting(type, exposed, direction);
    }),
  };
}
