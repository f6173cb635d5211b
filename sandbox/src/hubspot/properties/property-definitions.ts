import { VendorRefusal } from '../../vendor-refusal.ts';
import type { CrmObjectType } from '../crm/crm-object-types.ts';
import { invalid, notFound } from '../hubspot-refusals.ts';
import type { Owner } from '../owners/owners.ts';

export interface PropertyOption {
  label: string;
  value: string;
  displayOrder: number;
  hidden: boolean;
}

export interface PropertyDefinition {
  name: string;
  label: string;
  type: 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool' | 'phone_number';
  fieldType: string;
  groupName: string;
  description: string;
  options: PropertyOption[];
  hasUniqueValue: boolean;
  showCurrencySymbol?: boolean;
  referencedObjectType?: string;
  hubspotDefined: boolean;
  externalOptions: boolean;
  hidden: boolean;
  calculated: boolean;
  formField: boolean;
  displayOrder: number;
  createdAt: string;
  updatedAt: string;
  modificationMetadata: { archivable: boolean; readOnlyDefinition: boolean; readOnlyValue: boolean };
}

type Short = [name: string, label: string, type: PropertyDefinition['type'], extra?: 'readOnly' | string[] | undefined, more?: Partial<PropertyDefinition>];

const owner: Short = ['hubspot_owner_id', 'Owner', 'enumeration', [], { referencedObjectType: 'OWNER' }];
const phone = { fieldType: 'phonenumber' };

const recordProperties: Short[] = [
  ['hs_object_id', 'Record ID', 'number', 'readOnly'],
  ['createdate', 'Create date', 'datetime', 'readOnly'],
  ['hs_object_source', 'Record source', 'string', 'readOnly'],
  ['hs_object_source_id', 'Record source ID', 'string', 'readOnly'],
  ['hs_merged_object_ids', 'Merged record IDs', 'enumeration', 'readOnly', { fieldType: 'checkbox', externalOptions: true }],
];

const ownProperties: Record<CrmObjectType, Short[]> = {
  contacts: [
    ['lastmodifieddate', 'Last modified date', 'datetime', 'readOnly'],
    ['email', 'Email', 'string'],
    ['firstname', 'First name', 'string'],
    ['lastname', 'Last name', 'string'],
    ['phone', 'Phone number', 'string', undefined, phone],
    ['mobilephone', 'Mobile phone number', 'string', undefined, phone],
    ['company', 'Company name', 'string'],
    ['hs_additional_emails', 'Additional email addresses', 'enumeration', 'readOnly', { fieldType: 'checkbox', externalOptions: true }],
    ['hs_buying_role', 'Buying role', 'enumeration', ['BUDGET_HOLDER', 'CHAMPION', 'DECISION_MAKER'], { fieldType: 'checkbox' }],
    ['associatedcompanyid', 'Primary associated company ID', 'number', 'readOnly'],
    ['num_associated_deals', 'Number of associated deals', 'number', 'readOnly'],
    ['website', 'Website', 'string'],
    ['jobtitle', 'Job title', 'string'],
    ['address', 'Street address', 'string'],
    ['city', 'City', 'string'],
    ['state', 'State', 'string'],
    ['zip', 'Postal code', 'string'],
    ['country', 'Country', 'string'],
    ['lifecyclestage', 'Lifecycle stage', 'enumeration', [
      'subscriber', 'lead', 'marketingqualifiedlead', 'salesqualifiedlead', 'opportunity', 'customer', 'evangelist', 'other',
    ]],
    owner,
  ],
  companies: [
    ['hs_lastmodifieddate', 'Last modified date', 'datetime', 'readOnly'],
    ['num_associated_contacts', 'Number of associated contacts', 'number', 'readOnly'],
    ['num_associated_deals', 'Number of associated deals', 'number', 'readOnly'],
    ['name', 'Company name', 'string'],
    ['domain', 'Company domain name', 'string'],
    ['phone', 'Phone number', 'string', undefined, phone],
    ['address', 'Street address', 'string'],
    ['city', 'City', 'string'],
    ['state', 'State', 'string'],
    ['zip', 'Postal code', 'string'],
    ['country', 'Country', 'string'],
    owner,
  ],
  deals: [
    ['hs_lastmodifieddate', 'Last modified date', 'datetime', 'readOnly'],
    ['dealname', 'Deal name', 'string'],
    ['dealstage', 'Deal stage', 'enumeration', []],
    ['pipeline', 'Pipeline', 'enumeration', []],
    ['dealtype', 'Deal type', 'enumeration', ['newbusiness', 'existingbusiness']],
    ['num_associated_contacts', 'Number of associated contacts', 'number', 'readOnly'],
    ['hs_primary_associated_company', 'Primary associated company', 'number', 'readOnly'],
    ['amount', 'Amount', 'number', undefined, { showCurrencySymbol: true }],
    ['deal_currency_code', 'Currency', 'string'],
    ['closedate', 'Close date', 'datetime'],
    ['description', 'Deal description', 'string', undefined, { fieldType: 'textarea' }],
    owner,
    ['hs_is_closed', 'Is deal closed?', 'bool', 'readOnly'],
    ['hs_is_closed_won', 'Is closed won', 'bool', 'readOnly'],
    ['hs_deal_stage_probability', 'Deal probability', 'number', 'readOnly'],
    ['hs_num_of_associated_line_items', 'Number of associated line items', 'number', 'readOnly'],
  ],
  line_items: [
    ['hs_lastmodifieddate', 'Last modified date', 'datetime', 'readOnly'],
    ['name', 'Name', 'string'],
    ['description', 'Description', 'string', undefined, { fieldType: 'textarea' }],
    ['hs_sku', 'SKU', 'string'],
    ['hs_product_id', 'Product ID', 'number'],
    ['hs_external_id', 'External ID', 'string', undefined, { hasUniqueValue: true }],
    ['quantity', 'Quantity', 'number'],
    ['price', 'Unit price', 'number', undefined, { showCurrencySymbol: true }],
    ['discount', 'Unit discount', 'number', undefined, { showCurrencySymbol: true }],
    ['amount', 'Net price', 'number', 'readOnly', { showCurrencySymbol: true }],
    ['hs_line_item_currency_code', 'Currency', 'string'],
  ],
};

function define([name, label, type, extra, more]: Short): PropertyDefinition {
  const readOnly = extra === 'readOnly';
  const values = Array.isArray(extra) ? extra : [];
  const created = new Date(0).toISOString();
  return {
    name,
    label,
    type,
    fieldType: type === 'enumeration' ? 'select' : type === 'string' ? 'text' : type,
    groupName: 'basicinformation',
    description: '',
    options: values.map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false })),
    hasUniqueValue: false,
    hubspotDefined: true,
    externalOptions: Array.isArray(extra) && extra.length === 0,
    hidden: false,
    calculated: readOnly,
    formField: !readOnly,
    displayOrder: -1,
    createdAt: created,
    updatedAt: created,
    modificationMetadata: { archivable: false, readOnlyDefinition: true, readOnlyValue: readOnly },
    ...more,
  };
}

export type NewProperty = Pick<PropertyDefinition, 'name' | 'label' | 'type' | 'fieldType' | 'groupName'> &
  Partial<Pick<PropertyDefinition, 'description' | 'options' | 'hasUniqueValue' | 'hidden' | 'formField'>>;

/** The properties of one portal: HubSpot's own (a useful part of them) and those that were added. */
export class PropertyDefinitions {
  private readonly byType: Record<CrmObjectType, Map<string, PropertyDefinition>>;

  private readonly owners: readonly Owner[];

  constructor(owners: readonly Owner[]) {
    this.owners = owners;
    const standard = (type: CrmObjectType): Map<string, PropertyDefinition> =>
      new Map([...recordProperties, ...ownProperties[type]].map((short) => [short[0], define(short)]));
    this.byType = { contacts: standard('contacts'), companies: standard('companies'), deals: standard('deals'), line_items: standard('line_items') };
  }

  list(type: CrmObjectType): PropertyDefinition[] {
    return [...this.byType[type].values()];
  }

  find(type: CrmObjectType, name: string): PropertyDefinition | undefined {
    return this.byType[type].get(name);
  }

  get(type: CrmObjectType, name: string): PropertyDefinition {
    const definition = this.find(type, name);
    if (definition === undefined) throw notFound();
    return definition;
  }

  /** Whether a record may be given to this owner: one who has left gets none any more. */
  isOwner(id: string): boolean {
    return this.owners.some((owner) => owner.id === id && !owner.archived);
  }

  /** A contact is told apart by its e-mail, every type by a property with `hasUniqueValue`. */
  isUnique(type: CrmObjectType, name: string): boolean {
    return (type === 'contacts' && name === 'email') || this.find(type, name)?.hasUniqueValue === true;
  }

  uniqueNames(type: CrmObjectType): string[] {
    return this.list(type).map((definition) => definition.name).filter((name) => this.isUnique(type, name));
  }

  add(type: CrmObjectType, property: NewProperty, now: string): PropertyDefinition {
    if (this.byType[type].has(property.name)) {
      throw new VendorRefusal(409, {
        status: 'error',
        message: `A property named '${property.name}' already exists.`,
        category: 'CONFLICT',
      });
    }
    if (!/^[a-z][a-z0-9_]*$/.test(property.name)) throw invalid(`Property name ${property.name} is not valid.`);
    const definition: PropertyDefinition = {
      description: '',
      options: [],
      hasUniqueValue: false,
      hidden: false,
      formField: true,
      ...property,
      hubspotDefined: false,
      externalOptions: false,
      calculated: false,
      displayOrder: -1,
      createdAt: now,
      updatedAt: now,
      modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyValue: false },
    };
    this.byType[type].set(property.name, definition);
    return definition;
  }

  remove(type: CrmObjectType, name: string): void {
    const definition = this.get(type, name);
    if (definition.hubspotDefined) throw invalid(`Property ${name} is defined by HubSpot and cannot be archived.`);
    this.byType[type].delete(name);
  }
}
