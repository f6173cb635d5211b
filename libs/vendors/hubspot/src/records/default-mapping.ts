import { derivedFields, type DefaultMapping } from '@crossdock/crm-connector';
import { lineItemsProperty, orderSourceProperty, orderStatusProperty, sampleRequestProperty, sampleStatusProperty } from '../hubspot.mapping.ts';

/** HubSpot's own properties; it keeps countries by their names. */
export const hubSpotDefaultMapping = {
  contact: {
    email: { field: 'email' },
    phone: { field: 'phone' },
    firstName: { field: 'firstname' },
    lastName: { field: 'lastname' },
    companyName: { field: 'company' },
    country: { field: 'country', transform: 'country_name' },
    lifecycleStage: {
      field: 'lifecyclestage',
      values: { marketing_qualified: 'marketingqualifiedlead', sales_qualified: 'salesqualifiedlead' },
    },
  },
  company: {
    name: { field: 'name' },
    domain: { field: 'domain' },
    phone: { field: 'phone' },
    country: { field: 'country', transform: 'country_name' },
  },
  deal: {
    name: { field: 'dealname' },
    status: { field: derivedFields.dealStatus },
    amount: { field: 'amount' },
    closedAt: { field: derivedFields.dealClosedAt },
    orderStatus: { field: orderStatusProperty },
    lineItems: { field: lineItemsProperty, transform: 'truncate', direction: 'out' },
    orderSource: { field: orderSourceProperty, transform: 'truncate', direction: 'out' },
    sampleRequest: { field: sampleRequestProperty },
    sampleStatus: { field: sampleStatusProperty, direction: 'out' },
  },
} as const satisfies DefaultMapping;
