export { sendAuthorised, type AuthorisedCall, type AuthorisedRequest, type TokenSource } from './authorised-call.ts';
export { capabilityReport } from './capability-report.ts';
export type { ChangeSubscription, ChangeTarget } from './change-subscription.ts';
export type { CrmConnector, UpsertResult } from './crm-connector.ts';
export { KnownFieldNames } from './known-field-names.ts';
export { batchesOfDistinctKeys, sendInBatches, type IsolatedBatches } from './isolated-batches.ts';
export type { ChangeStream, HeardChanges } from './records/change-stream.ts';
export type {
  ChangePage, CrmRecord, FieldSelection, GoneRecord, RecordRef, RecordWrite, RecordWritten, WriteTarget,
} from './records/crm-record.ts';
export type { DefaultMapping } from './records/default-mapping.ts';
/** @public */
export { derivedFields } from './records/derived-fields.ts';
export type { RecordConnector } from './records/record-connector.ts';
