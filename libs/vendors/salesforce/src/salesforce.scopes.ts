import type { VendorScope } from '@crossdock/connections';

/** What the Salesforce app asks for, and no more. */
export const salesforceScopes: readonly VendorScope[] = [
  { name: 'api', reason: 'Reads and writes contacts and opportunities, as far as the user who connects may.' },
  { name: 'refresh_token', reason: 'Keeps the connection alive when nobody is signed in.' },
];
