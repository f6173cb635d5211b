export { sendAuthorised, type AuthorisedCall, type AuthorisedRequest, type TokenSource } from './authorised-call.ts';
export type { CrmConnector, UpsertResult } from './crm-connector.ts';
export { sendInBatches, type IsolatedBatches } from './isolated-batches.ts';
