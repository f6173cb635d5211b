import { describe, expect, it } from '@jest/globals';
import { zohoFailure, zohoRecordFailure } from './zoho.errors.ts';

const refusal = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  zohoFailure({ operation: 'deals.upsert', status, headers: new Headers(headers), body: typeof body === 'string' ? body : JSON.stringify(body) });
const error = (code: string, details: Record<string, unknown> = {}) => ({ code, details, message: 'anna@example.com is bad', status: 'error' });

describe('a call that Zoho refused', () => {
  it.each([
    [401, 'INVALID_TOKEN', 'unauthorised'],
    [401, 'OAUTH_SCOPE_MISMATCH', 'forbidden'],
    [403, 'NO_PERMISSION', 'forbidden'],
    [400, 'INVALID_MODULE', 'forbidden'],
    [400, 'INVALID_DATA', 'invalid'],
    [429, 'TOO_MANY_REQUESTS', 'rate_limited'],
    [500, 'INTERNAL_ERROR', 'transient'],
  ] as const)('with %s %s is %s, by its code before its status', (status, code, kind) => {
    expect(refusal(status, error(code)).kind).toBe(kind);
  });

  it('waits as long as it says, or half a minute where it does not', () => {
    expect(refusal(429, error('TOO_MANY_REQUESTS'), { 'retry-after': '7' }).retryAfterMs).toBe(7_000);
    expect(refusal(429, 'a page').retryAfterMs).toBe(30_000);
  });

  it('for the sake of our field says that the set-up is not through', () => {
    expect(refusal(400, error('INVALID_QUERY', { column_name: 'Crossdock_Key' })).kind).toBe('dependency_missing');
    expect(refusal(400, error('INVALID_DATA', { api_name: 'duplicate_check_fields' })).kind).toBe('dependency_missing');
    expect(refusal(400, error('INVALID_QUERY', { column_name: 'Colour' })).kind).toBe('invalid');
  });

  it('names code and field, and quotes nothing of what Zoho says', () => {
    const failure = refusal(400, error('INVALID_DATA', { api_name: 'Email' }));
    expect(failure).toMatchObject({ field: 'Email', message: 'Zoho answered deals.upsert with 400 (INVALID_DATA of Email)' });
    expect(refusal(502, '<html>anna@example.com</html>')).toMatchObject({ kind: 'transient', message: 'Zoho answered deals.upsert with 502' });
  });
});

describe('a record that Zoho refused', () => {
  it.each([
    ['INVALID_DATA', 'invalid'], ['MANDATORY_NOT_FOUND', 'invalid'], ['DUPLICATE_DATA', 'conflict'], ['RECORD_LOCKED', 'conflict'], ['NO_PERMISSION', 'forbidden'], ['SOMETHING_NEW', 'invalid'],
  ] as const)('with %s is %s', (code, kind) => {
    const failure = zohoRecordFailure('contacts.upsert', { code, details: { api_name: 'Email' } });
    expect(failure).toMatchObject({ kind, field: 'Email' });
  });
});
