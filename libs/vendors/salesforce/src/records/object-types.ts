import type { CrmObject } from '@crossdock/contracts';
import { derivedFields, type DefaultMapping } from '@crossdock/crm-connector';
import { lineItemsField, orderSourceField, orderStatusField, sampleRequestField, sampleStatusField } from '../salesforce.mapping.ts';

export type SObjectName = 'Account' | 'Contact' | 'Opportunity';

/** What the hub's kinds of records are called in Salesforce. */
export const sobjectOf: Readonly<Record<CrmObject, SObjectName>> = { company: 'Account', contact: 'Contact', deal: 'Opportunity' };

/** Kinds that name one account by a field. */
export function namesAccount(object: CrmObject): boolean {
  return object !== 'company';
}

/** Where the hub's own fields go unless a tenant says otherwise. */
export const salesforceDefaultMapping: DefaultMapping = {
  contact: {
    email: { field: 'Email' }, phone: { field: 'Phone' }, firstName: { field: 'FirstName', transform: 'truncate' },
    lastName: { field: 'LastName', transform: 'truncate' }, country: { field: 'MailingCountry', transform: 'country_name' },
  },
  company: {
    name: { field: 'Name', transform: 'truncate' }, domain: { field: 'Website', transform: 'website' }, phone: { field: 'Phone' },
    country: { field: 'BillingCountry', transform: 'country_name' },
  },
  deal: {
    name: { field: 'Name', transform: 'truncate' }, amount: { field: 'Amount' }, status: { field: derivedFields.dealStatus },
    closedAt: { field: derivedFields.dealClosedAt }, orderStatus: { field: orderStatusField },
    lineItems: { field: lineItemsField, transform: 'truncate', direction: 'out' }, orderSource: { field: orderSourceField, transform: 'truncate', direction: 'out' },
    sampleRequest: { field: sampleRequestField }, sampleStatus: { field: sampleStatusField, direction: 'out' },
  },
};
