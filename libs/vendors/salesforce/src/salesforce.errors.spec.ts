import { describe, expect, it } from '@jest/globals';
import { readRecordError, salesforceFailure, salesforceRecordFailure } from './salesforce.errors.ts';

const refuse = (status: number, body: unknown) =>
  salesforceFailure({ operation: 'contacts.upsert', status, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('a refusal of Salesforce', () => {
  it.each([
    [401, 'INVALID_SESSION_ID', 'unauthorised'], [403, 'API_DISABLED_FOR_ORG', 'forbidden'], [403, 'INSUFFICIENT_ACCESS', 'forbidden'],
    [404, 'ENTITY_IS_DELETED', 'not_found'], [400, 'INVALID_FIELD', 'invalid'], [400, 'MALFORMED_QUERY', 'invalid'],
    [400, 'UNABLE_TO_LOCK_ROW', 'conflict'], [503, 'SERVER_UNAVAILABLE', 'transient'], [500, 'UNKNOWN_EXCEPTION', 'transient'],
    [300, '', 'invalid'], [410, 'UNSUPPORTED_API_VERSION', 'unexpected'],
  ])('with %i %s is %s', (status, errorCode, kind) => {
    expect(refuse(status, [{ errorCode, message: 'Text that changes.' }]).kind).toBe(kind);
  });

  it('over the limit of calls is a used-up quota, although Salesforce answers 403', () => {
    expect(refuse(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }]))
      .toMatchObject({ kind: 'quota_exhausted', retryAfterMs: 3_600_000 });
  });

  it('is understood by its status when it is a page and no JSON', () => {
    expect(refuse(502, '<html>Down</html>').kind).toBe('transient');
    expect(refuse(401, '').kind).toBe('unauthorised');
    expect(refuse(400, '{"error":"no list"}').kind).toBe('invalid');
  });

  it('of one record names code and fields, and nothing that the text quotes', () => {
    const errors = [{ statusCode: 'STRING_TOO_LONG', message: 'Last Name: data value too large: Anna Private', fields: ['LastName'] }];
    const failure = salesforceRecordFailure('contacts.upsert', errors);
    expect(failure).toMatchObject({ kind: 'invalid', field: 'LastName' });
    expect(failure.message).toContain('STRING_TOO_LONG, fields LastName');
    expect(failure.message).not.toContain('Private');
  });

  it('of a record whose row is locked may pass', () => {
    expect(salesforceRecordFailure('deals', [{ statusCode: 'UNABLE_TO_LOCK_ROW' }]).kind).toBe('conflict');
    expect(salesforceRecordFailure('deals', []).kind).toBe('invalid');
  });

  it.each([
    ['REQUIRED_FIELD_MISSING:Required fields are missing: [LastName, Email]:LastName,Email --', { statusCode: 'REQUIRED_FIELD_MISSING', fields: ['LastName', 'Email'] }],
    ['STRING_TOO_LONG:Name: data value too large: a:b --, c:Name --', { statusCode: 'STRING_TOO_LONG', fields: ['Name'] }],
    ['UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--', { statusCode: 'UNABLE_TO_LOCK_ROW', fields: [] }],
    ['Something else', { fields: [] }],
  ])('of one record in a job is read: %s', (text, error) => {
    expect(readRecordError(text)).toEqual(error);
  });
});
