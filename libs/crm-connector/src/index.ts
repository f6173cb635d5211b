export { sendAuthorised, type AuthorisedCall, type AuthorisedRequest, type TokenSource } from './authorised-call.ts';
export { capabilityReport } from './capability-report.ts';
export { changeSubscriptionSchema, type ChangeSubscription, type ChangeTarget } from './change-subscription.ts';
export { chunksOf } from './chunks-of.ts';
export type { CrmConnector } from './crm-connector.ts';
export { batchesOfDistinctKeys, sendInBatches, type IsolatedBatches } from './isolated-batches.ts';
export { afterJobs, type BulkOutcome, type BulkProgress, type BulkWriter } from './records/bulk-writer.ts';
export type { ChangeStream, HeardChanges } from './records/change-stream.ts';
export {
  asCreation, type ChangePage, type CrmRecord, type FieldSelection, type GoneRecord, type Likeness, type RecordRef, type RecordWrite,
  type RecordWritten, type WriteTarget,
} from './records/crm-record.ts';
export { lineChanges, type DealLines, type DealLineWriter, type LineChanges } from './records/deal-lines.ts';
export { totalOf, withReductions, type ReducedLine } from './records/line-reductions.ts';
export type { DefaultMapping } from './records/default-mapping.ts';
/** @public */
export { derivedFields } from './records/derived-fields.ts';
export type { RecordConnector } from './records/record-connector.ts';
