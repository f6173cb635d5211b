import type { VendorScope } from '@crossdock/connections';

/** What the HubSpot app asks for, and no more. */
export const hubSpotScopes: readonly VendorScope[] = [
  { name: 'oauth', reason: 'Every app that is installed by OAuth has it.' },
  { name: 'crm.objects.contacts.read', reason: 'Finds the contact of an order, and the contacts of a deal.' },
  { name: 'crm.objects.contacts.write', reason: 'Creates and updates the contact of an order.' },
  { name: 'crm.objects.companies.read', reason: 'Hears of companies that people changed, and reads them.' },
  { name: 'crm.objects.companies.write', reason: 'Creates and updates companies, and says which contacts and deals are theirs.' },
  { name: 'crm.objects.deals.read', reason: 'Reads deals that people changed, so that orders and attribution follow them.' },
  { name: 'crm.objects.deals.write', reason: 'Creates and updates the deal of an order and its contacts.' },
  { name: 'crm.objects.owners.read', reason: 'Knows to whom records may be given, by their addresses.' },
  { name: 'crm.objects.line_items.read', isOptional: true, reason: 'Finds the line items that it has given a deal.' },
  { name: 'crm.objects.line_items.write', isOptional: true, reason: 'Gives the deal of an order its lines as line items, and keeps them as the order is.' },
  { name: 'crm.schemas.contacts.read', reason: 'Checks that the property that keeps the key of Crossdock on contacts is unique.' },
  { name: 'crm.schemas.contacts.write', reason: 'Creates that property when the account is connected.' },
  { name: 'crm.schemas.companies.read', reason: 'Checks that the property that keeps the key of Crossdock on companies is unique.' },
  { name: 'crm.schemas.companies.write', reason: 'Creates that property when the account is connected.' },
  { name: 'crm.schemas.deals.read', reason: 'Checks the properties that keep the key of Crossdock and the order status on deals.' },
  { name: 'crm.schemas.deals.write', reason: 'Creates those properties when the account is connected.' },
];
