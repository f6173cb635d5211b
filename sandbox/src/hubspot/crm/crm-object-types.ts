import { invalid, unknownObjectType } from '../hubspot-refusals.ts';

export const crmObjectTypes = ['contacts', 'companies', 'deals', 'line_items'] as const;
export type CrmObjectType = (typeof crmObjectTypes)[number];

interface ObjectTypeFacts {
  typeId: string;
  singular: string;
  modifiedProperty: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** Returned when a reader names no properties. */
  defaultProperties: readonly string[];
}

export const objectTypeFacts: Record<CrmObjectType, ObjectTypeFacts> = {
  contacts: {
    typeId: '0-1',
    singular: 'contact',
    modifiedProperty: 'lastmodifieddate',
    defaultProperties: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
  },
  companies: {
    typeId: '0-2',
    singular: 'company',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
  },
  deals: {
    typeId: '0-3',
    singular: 'deal',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: [
      'amount',
      'closedate',
      'createdate',
      'dealname',
      'dealstage',
      'hs_lastmodifieddate',
      'hs_object_id',
      'pipeline',
    ],
  },
  line_items: {
    typeId: '0-8',
    singular: 'line_item',
    modifiedProperty: 'hs_lastmodifieddate',
    defaultProperties: ['amount', 'createdate', 'hs_lastmodifieddate', 'hs_object_id', 'hs_product_id', 'price', 'quantity'],
  },
};

/** Accepts the plural, the singular and the type id, as HubSpot does. */
export function objectTypeOf(name: string): CrmObjectType {
  const type = crmObjectTypes.find((candidate) => {
    const facts = objectTypeFacts[candidate];
    return name === candidate || name === facts.singular || name === facts.typeId;
  });
  if (type === undefined) throw unknownObjectType(name);
  return type;
}

/** Type ids of the unlabelled associations that HubSpot defines. */
const defaultAssociationTypeIds: Record<CrmObjectType, Partial<Record<CrmObjectType, number>>> = {
  contacts: { contacts: 449, companies: 279, deals: 4 },
  companies: { contacts: 280, companies: 450, deals: 342 },
  deals: { contacts: 3, companies: 341, deals: 451, line_items: 19 },
  line_items: { deals: 20 },
};

/** Throws HubSpot's refusal of two types that are never associated, such as a line item and a contact. */
export function defaultAssociationTypeId(from: CrmObjectType, to: CrmObjectType): number {
  const typeId = defaultAssociationTypeIds[from][to];
  if (typeId === undefined) throw invalid(`There are no associations from ${from} to ${to}.`);
  return typeId;
}

/** HubSpot's "primary company" associations, which an input may name instead of the unlabelled ones. */
const primaryAssociations: Record<CrmObjectType, Partial<Record<number, CrmObjectType>>> = {
  contacts: { 1: 'companies' },
  companies: { 2: 'contacts', 6: 'deals' },
  deals: { 5: 'companies' },
  line_items: {},
};

export const associatedType = (from: CrmObjectType, typeId: number): CrmObjectType | undefined =>
  primaryAssociations[from][typeId] ?? crmObjectTypes.find((to) => defaultAssociationTypeIds[from][to] === typeId);
