import type { VendorScope } from '@crossdock/connections';

/** What the app asks for, and no more. What it may do with rows is decided by the security role of the user who agrees. */
export const dynamicsScopes: readonly VendorScope[] = [
  { name: 'user_impersonation', reason: 'Reads and writes contacts and opportunities as the user who agrees; Dataverse knows no finer permission.' },
  { name: 'offline_access', reason: 'Renews the access, which lives for about an hour, without that user.' },
];
