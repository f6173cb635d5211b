import { describe, expect, it } from '@jest/globals';
import { dynamicsFailure } from './dynamics.errors.ts';

const refuse = (status: number, error: object | string = {}, headers: Record<string, string> = {}) =>
  dynamicsFailure({ operation: 'contacts.batchUpsert', status, headers: new Headers(headers), body: typeof error === 'string' ? error : JSON.stringify({ error }) });

describe('a refusal of Dynamics', () => {
  it.each([
    [400, 'invalid'], [401, 'unauthorised'], [403, 'forbidden'], [404, 'not_found'], [412, 'conflict'], [413, 'invalid'], [429, 'rate_limited'],
    [500, 'transient'], [503, 'transient'], [501, 'transient'], [405, 'unexpected'],
  ])('with %i is %s', (status, kind) => {
    expect(refuse(status).kind).toBe(kind);
  });

  it('names code and column, and nothing that the text quotes', () => {
    const failure = refuse(400, { code: '0x80044331', message: "The length of the 'emailaddress1' attribute exceeded the maximum; value anna@example.com" });
    expect(failure).toMatchObject({ kind: 'invalid', field: 'emailaddress1' });
    expect(failure.message).toContain('0x80044331, column emailaddress1');
    expect(failure.message).not.toContain('anna');
  });

  it.each([
    [400, '0x8004431a', "The value 17 of 'industrycode' on record of type 'account' is outside the valid range.", 'invalid', 'industrycode'],
    [400, '0x80060888', "Could not find a property named 'websiteurl' on type 'Microsoft.Dynamics.CRM.account'.", 'invalid', 'websiteurl'],
    [403, '0x80040225', 'The specified user is disabled.', 'invalid', 'ownerid'],
    [400, '0x80044352', 'Version stamp associated with the client has expired.', 'cursor_expired', undefined],
    [500, '0x80044150', 'Generic SQL error. CRM ErrorCode: -2147204784 Sql Number: 1205', 'conflict', undefined],
    [400, '0x80040255', 'The transaction of the SQL command has already been rolled back or committed', 'conflict', undefined],
    [500, '0x80044151', 'SQL timeout expired. CRM ErrorCode: -2147204783', 'transient', undefined],
    [412, '0x80040333', 'A record was not created or updated because a duplicate of the current record already exists.', 'conflict', undefined],
  ])('with %i and code %s says more than its status', (status, code, message, kind, field) => {
    const failure = refuse(status, { code, message });
    expect([failure.kind, failure.field]).toEqual([kind, field]);
    expect(failure.message).not.toContain('17');
  });

  it('for too many calls waits as long as it says, or the whole window', () => {
    expect(refuse(429, { code: '0x80072322' }, { 'retry-after': '7' }).retryAfterMs).toBe(7_000);
    expect(refuse(429).retryAfterMs).toBe(300_000);
  });

  it('is understood by its status when it is a page and no JSON', () => {
    expect(refuse(502, '<html>').kind).toBe('transient');
  });
});
