import type { VendorScope } from '@crossdock/connections';

/** What the Pipedrive app asks for, and no more; the app's page at Pipedrive lists the same ones. */
export const pipedriveScopes: readonly VendorScope[] = [
  { name: 'base', reason: 'Every app that is installed by OAuth has it; it tells which company it was installed in.' },
  { name: 'contacts:full', reason: 'Finds, creates and updates the person of an order, and reads organisations.' },
  { name: 'deals:full', reason: 'Finds, creates and updates the deal of an order, and reads deals that people changed.' },
  { name: 'deal-fields:full', reason: 'Creates the deal fields that keep the key of Crossdock and the order’s status when the company is connected.' },
  { name: 'contact-fields:full', reason: 'Creates the field that keeps the key of Crossdock on persons and organisations.' },
  { name: 'recents:read', reason: 'Learns which persons and organisations were deleted.' },
  { name: 'users:read', reason: 'Knows the owners of records by their addresses.', isOptional: true },
  { name: 'admin', reason: 'Adds the webhooks by which the company tells of changes; Pipedrive knows no smaller scope for it.', isOptional: true },
];
