export { sendAuthorised, type AuthorisedCall, type AuthorisedRequest, type TokenSource } from './authorised-call.ts';
export { batchesOfDistinctKeys, upsertInBatches, type BatchedUpsert } from './batched-upsert.ts';
export type { CrmConnector, UpsertResult } from './crm-connector.ts';
