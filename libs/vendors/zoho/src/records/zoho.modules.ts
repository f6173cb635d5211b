import { derivedFields, type DefaultMapping } from '@crossdock/crm-connector';
import type { CrmObject, FieldDescription } from '@crossdock/contracts';
import type { ZohoModule } from '../zoho.coql.ts';
import { lineItemsField, orderSourceField, orderStatusField, sampleRequestField, sampleStatusField } from '../zoho.mapping.ts';

const modules: Readonly<Record<CrmObject, ZohoModule>> = { contact: 'Contacts', company: 'Accounts', deal: 'Deals' };

export const moduleOf = (object: CrmObject): ZohoModule => modules[object];

/** The lookups by which records name others; a deal names contacts beyond its first in a related list. */
export const lookups = { company: 'Account_Name', contact: 'Contact_Name' } as const;
const lookupsOf: Readonly<Record<CrmObject, readonly string[]>> = { contact: [lookups.company], company: [], deal: [lookups.company, lookups.contact] };

export const associationFieldsOf = (object: CrmObject): readonly string[] => lookupsOf[object];

/** Fields that say of a deal how it stands: they follow from its stage. */
export const derivedDescriptions: readonly FieldDescription[] = [
  {
    name: derivedFields.dealStatus, label: 'Status', type: 'picklist', isCustom: false, isReadOnly: false, isRequired: false,
    options: [{ value: 'open', label: 'Open', isActive: true }, { value: 'won', label: 'Won', isActive: true }, { value: 'lost', label: 'Lost', isActive: true }],
  },
  { name: derivedFields.dealClosedAt, label: 'Closed', type: 'date_time', isCustom: false, isReadOnly: false, isRequired: false },
];

/** Whether a field is none of Zoho's own. */
export const isDerived = (name: string): boolean => derivedDescriptions.some((field) => field.name === name);

export const defaultMapping: DefaultMapping = {
  contact: {
    email: { field: 'Email' }, phone: { field: 'Phone' }, firstName: { field: 'First_Name', transform: 'truncate' },
    lastName: { field: 'Last_Name', transform: 'truncate' }, country: { field: 'Mailing_Country', transform: 'country_name' },
  },
  company: {
    name: { field: 'Account_Name', transform: 'truncate' }, domain: { field: 'Website', transform: 'website' }, phone: { field: 'Phone' },
    country: { field: 'Billing_Country', transform: 'country_name' },
  },
  deal: {
    name: { field: 'Deal_Name', transform: 'truncate' }, amount: { field: 'Amount' }, status: { field: derivedFields.dealStatus },
    closedAt: { field: derivedFields.dealClosedAt }, orderStatus: { field: orderStatusField },
    lineItems: { field: lineItemsField, transform: 'truncate', direction: 'out' }, orderSource: { field: orderSourceField, transform: 'truncate', direction: 'out' },
    sampleRequest: { field: sampleRequestField }, sampleStatus: { field: sampleStatusField, direction: 'out' },
  },
};
