import type { PropertyValues } from '../properties/property-values.ts';

interface Merging {
  readonly id: string;
  readonly properties: PropertyValues;
}

/** What the record of a merge holds: the primary's values before the other's, and all ids that have gone into it. */
export function mergedValues(primary: Merging, secondary: Merging): PropertyValues {
  const both = [primary, secondary];
  const values = { ...secondary.properties, ...primary.properties };
  const list = (name: string): string[] => both.flatMap(({ properties }) => (properties[name] ?? '').split(';'));
  const emails = new Set([...list('email'), ...list('hs_additional_emails')].filter((email) => email !== '' && email !== values['email']));
  return {
    ...values,
    hs_merged_object_ids: [...list('hs_merged_object_ids').filter((id) => id !== ''), ...both.map(({ id }) => id)].join(';'),
    ...(emails.size > 0 && { hs_additional_emails: [...emails].join(';') }),
  };
}
