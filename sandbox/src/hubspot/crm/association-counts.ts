import type { PropertyValues } from '../properties/property-values.ts';
import type { Associations } from './associations.ts';
import type { CrmObjectType } from './crm-object-types.ts';

/**
 * What HubSpot keeps on a record about its associations. These are properties like others: when one of them changes, the
 * record has been modified. A contact's further companies are in none of his own.
 */
export function associationCounts(associations: Associations, record: { type: CrmObjectType; id: string }): PropertyValues {
  const ids = (type: CrmObjectType): string[] => associations.of(record, type).map(({ id }) => id);
  const count = (type: CrmObjectType): string => (ids(type).length === 0 ? '' : String(ids(type).length));
  const primaryCompany = ids('companies')[0] ?? '';
  if (record.type === 'contacts') return { associatedcompanyid: primaryCompany, num_associated_deals: count('deals') };
  if (record.type === 'companies') return { num_associated_contacts: count('contacts'), num_associated_deals: count('deals') };
  if (record.type === 'line_items') return {};
  return { num_associated_contacts: count('contacts'), hs_primary_associated_company: primaryCompany, hs_num_of_associated_line_items: count('line_items') };
}
