import { derivedFields, type DefaultMapping } from '@crossdock/crm-connector';
import type { CrmObject, FieldDescription } from '@crossdock/contracts';
import { keyColumn, lineItemsColumn, orderSourceColumn, orderStatusColumn, sampleRequestColumn, sampleStatusColumn } from '../dynamics.mapping.ts';

/** Where Dataverse keeps the records of a kind. */
export interface DynamicsTable {
  readonly logicalName: string;
  readonly entitySet: string;
  readonly primaryKey: string;
  /** References by which its rows name others, with the names that they are bound by. */
  readonly names: Readonly<Partial<Record<'company' | 'contact', { readonly column: string; readonly bindAs: string }>>>;
  /** What is read of every row. */
  readonly always: readonly string[];
}

/** Contacts and accounts can be merged into another one. */
const merging = ['merged', '_masterid_value'];

const tables: Readonly<Record<CrmObject, DynamicsTable>> = {
  contact: {
    logicalName: 'contact', entitySet: 'contacts', primaryKey: 'contactid', names: { company: { column: '_parentcustomerid_value', bindAs: 'parentcustomerid_account' } },
    always: [...merging, '_parentcustomerid_value'],
  },
  company: { logicalName: 'account', entitySet: 'accounts', primaryKey: 'accountid', names: {}, always: [...merging, '_transactioncurrencyid_value'] },
  deal: {
    logicalName: 'opportunity', entitySet: 'opportunities', primaryKey: 'opportunityid',
    names: { company: { column: '_parentaccountid_value', bindAs: 'parentaccountid' }, contact: { column: '_parentcontactid_value', bindAs: 'parentcontactid' } },
    always: ['statecode', 'actualclosedate', '_parentaccountid_value', '_parentcontactid_value', '_transactioncurrencyid_value'],
  },
};

export const tableOf = (object: CrmObject): DynamicsTable => tables[object];

/** The column in which a field is read: a reference is an id beside it. */
export const columnOf = ({ name, type }: FieldDescription): string => (type === 'owner' || type === 'reference' ? `_${name}_value` : name);

/** Fields that say of a deal how it stands: they follow from its state, which is changed by actions. */
export const derivedDescriptions: readonly FieldDescription[] = [
  {
    name: derivedFields.dealStatus, label: 'Status', type: 'picklist', isCustom: false, isReadOnly: false, isRequired: false,
    options: [{ value: 'open', label: 'Open', isActive: true }, { value: 'won', label: 'Won', isActive: true }, { value: 'lost', label: 'Lost', isActive: true }],
  },
  { name: derivedFields.dealClosedAt, label: 'Closed', type: 'date_time', isCustom: false, isReadOnly: false, isRequired: false },
];

/** Whether a field is the hub's own key, which the record itself tells. */
export const isKeyField = (name: string): boolean => name === keyColumn;

export const defaultMapping: DefaultMapping = {
  contact: {
    email: { field: 'emailaddress1' }, phone: { field: 'telephone1' }, firstName: { field: 'firstname', transform: 'truncate' },
    lastName: { field: 'lastname', transform: 'truncate' }, country: { field: 'address1_country', transform: 'country_name' },
  },
  company: {
    name: { field: 'name', transform: 'truncate' }, domain: { field: 'websiteurl', transform: 'website' }, phone: { field: 'telephone1' },
    country: { field: 'address1_country', transform: 'country_name' },
  },
  deal: {
    name: { field: 'name', transform: 'truncate' }, amount: { field: 'estimatedvalue' }, status: { field: derivedFields.dealStatus },
    closedAt: { field: derivedFields.dealClosedAt }, orderStatus: { field: orderStatusColumn },
    lineItems: { field: lineItemsColumn, transform: 'truncate', direction: 'out' }, orderSource: { field: orderSourceColumn, transform: 'truncate', direction: 'out' },
    sampleRequest: { field: sampleRequestColumn }, sampleStatus: { field: sampleStatusColumn, direction: 'out' },
  },
};
