import type { VendorScope } from '@crossdock/connections';

/** What the Zoho app asks for, and no more. */
export const zohoScopes: readonly VendorScope[] = [
  { name: 'ZohoCRM.modules.contacts.ALL', reason: 'Finds, creates and updates the contact of an order.' },
  { name: 'ZohoCRM.modules.deals.ALL', reason: 'Creates and updates the deal of an order and its contacts, and reads deals that people changed.' },
  { name: 'ZohoCRM.coql.READ', reason: 'Finds many contacts and deals in one call.' },
  { name: 'ZohoCRM.settings.fields.ALL', reason: 'Creates the deal field that keeps the key of Crossdock, and reads the stages of deals.' },
  { name: 'ZohoCRM.settings.modules.READ', reason: 'Sees what the account may do with contacts and deals.' },
  { name: 'ZohoCRM.org.READ', reason: 'Reads which organisation it is, its currency and its edition.' },
  { name: 'ZohoCRM.notifications.ALL', reason: 'Hears of deals and contacts that people changed.' },
];
