import type { FaultAnswers } from '../fault-injection.ts';
import { VendorRefusal } from '../vendor-refusal.ts';

/** A refusal in the REST interface's form: a list with one error. */
export class SalesforceRefusal extends VendorRefusal {
  readonly errorCode: string;
  readonly reason: string;
  readonly fields: string[];

  constructor(status: number, errorCode: string, reason: string, fields?: string[]) {
    super(status, [{ message: reason, errorCode, ...(fields === undefined ? {} : { fields }) }]);
    this.errorCode = errorCode;
    this.reason = reason;
    this.fields = fields ?? [];
  }
}

export const invalidSession = (): SalesforceRefusal =>
  new SalesforceRefusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
export const requestLimitExceeded = (): SalesforceRefusal =>
  new SalesforceRefusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
export const apiDisabled = (): SalesforceRefusal =>
  new SalesforceRefusal(403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.');
export const insufficientAccess = (): SalesforceRefusal =>
  new SalesforceRefusal(403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', []);
export const noSuchResource = (): SalesforceRefusal =>
  new SalesforceRefusal(404, 'NOT_FOUND', 'The requested resource does not exist');
export const entityDeleted = (): SalesforceRefusal =>
  new SalesforceRefusal(404, 'ENTITY_IS_DELETED', 'entity is deleted', []);
export const noSuchColumn = (field: string, type: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type ${type}`);
export const malformedQuery = (reason: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'MALFORMED_QUERY', reason);
export const unsupportedType = (type: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'INVALID_TYPE', `sObject type '${type}' is not supported.`);
export const invalidInput = (path: string, reason: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'JSON_PARSER_ERROR', `${path === '' ? 'The body' : path}: ${reason}`);
export const missingFields = (fields: string[]): SalesforceRefusal =>
  new SalesforceRefusal(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, fields);
export const notWritable = (field: string): SalesforceRefusal =>
  new SalesforceRefusal(
    400,
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${field}. Check that the field can be written and that your profile may write it.`,
    [field],
  );
export const tooLong = (label: string, field: string, value: string, length: number): SalesforceRefusal =>
  new SalesforceRefusal(400, 'STRING_TOO_LONG', `${label}: data value too large: ${value} (max length=${String(length)})`, [field]);
export const notInPicklist = (label: string, field: string, value: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `${label}: bad value for restricted picklist field: ${value}`, [field]);
export const inactiveOwner = (field: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'INACTIVE_OWNER_OR_USER', 'operation performed with inactive user', [field]);
export const duplicatesDetected = (): SalesforceRefusal =>
  new SalesforceRefusal(400, 'DUPLICATES_DETECTED', 'Use one of these records?', []);
export const rowLocked = (id: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'UNABLE_TO_LOCK_ROW', `unable to obtain exclusive access to this record or 1 records: ${id}`, []);
export const wrongType = (label: string, field: string, value: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'INVALID_TYPE_ON_FIELD_IN_RECORD', `${label}: value not of required type: ${value}`, [field]);
export const duplicateValue = (field: string, existingId: string): SalesforceRefusal =>
  new SalesforceRefusal(
    400,
    'DUPLICATE_VALUE',
    `duplicate value found: ${field} duplicates value on record with id: ${existingId}`,
    [],
  );
export const duplicateDeveloperName = (reason: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'DUPLICATE_DEVELOPER_NAME', reason, []);
export const unknownReference = (field: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field]);
export const unknownRecord = (): SalesforceRefusal =>
  new SalesforceRefusal(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
export const invalidJobState = (): SalesforceRefusal =>
  new SalesforceRefusal(400, 'INVALIDJOBSTATE', 'The job is not in a state that allows this.');
export const foreignKeyNotFound = (value: string, field: string, type: string): SalesforceRefusal =>
  new SalesforceRefusal(400, 'INVALID_FIELD', `Foreign key external ID: ${value} not found for field ${field} in entity ${type}`);

export const oauthRefusal = (error: string, description: string): VendorRefusal =>
  new VendorRefusal(400, { error, error_description: description });

export const salesforceFaultAnswers: FaultAnswers = {
  status: (status) => new SalesforceRefusal(status, status >= 500 ? 'SERVER_UNAVAILABLE' : 'UNKNOWN_EXCEPTION', 'The server could not answer.'),
  rateLimit: () => requestLimitExceeded(),
};

/** The identity addresses answer their errors as plain words. */
export const identityRefusal = (error: 'Bad_OAuth_Token' | 'Missing_OAuth_Token' | 'Wrong_Org'): VendorRefusal =>
  new VendorRefusal(403, error, { 'content-type': 'text/html; charset=utf-8' });
