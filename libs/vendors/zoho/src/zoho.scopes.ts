import type { VendorScope } from '@crossdock/connections';

/** What the Zoho app asks for, and no more. */
export const zohoScopes: readonly VendorScope[] = [
  { name: 'ZohoCRM.modules.contacts.ALL', reason: 'Finds, creates and updates the contact of an order.' },
  { name: 'ZohoCRM.modules.accounts.ALL', reason: 'Reads and keeps in step the accounts of contacts and deals.' },
  { name: 'ZohoCRM.modules.deals.ALL', reason: 'Creates and updates the deal of an order and its contacts, and reads deals that people changed.' },
  { name: 'ZohoCRM.coql.READ', reason: 'Finds many contacts and deals in one call.' },
  { name: 'ZohoCRM.bulk.ALL', reason: 'Reads and writes very many contacts, accounts and deals by one file.' },
  { name: 'ZohoFiles.files.ALL', reason: 'Brings the file that holds very many records to be written.' },
  { name: 'ZohoCRM.settings.fields.ALL', reason: 'Creates the fields that keep the key of Crossdock and the order’s status, and reads the stages of deals.' },
  { name: 'ZohoCRM.settings.modules.READ', reason: 'Sees what the account may do with contacts, accounts and deals.' },
  { name: 'ZohoCRM.users.READ', reason: 'Knows the owners of records by their addresses.' },
  { name: 'ZohoCRM.org.READ', reason: 'Reads which organisation it is, its currency and its edition.' },
  { name: 'ZohoCRM.notifications.ALL', reason: 'Hears of contacts, accounts and deals that people changed.' },
];
