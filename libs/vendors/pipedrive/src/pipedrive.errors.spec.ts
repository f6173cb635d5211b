import { describe, expect, it } from '@jest/globals';
import { pipedriveFailure } from './pipedrive.errors.ts';

const refuse = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  pipedriveFailure({ operation: 'persons.create', status, headers: new Headers(headers), body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('a refusal of Pipedrive', () => {
  it.each([
    [400, 'invalid'], [401, 'unauthorised'], [402, 'forbidden'], [403, 'forbidden'], [404, 'not_found'], [410, 'not_found'], [409, 'conflict'],
    [408, 'transient'], [500, 'transient'], [503, 'transient'], [405, 'unexpected'],
  ])('with %i is %s', (status, kind) => {
    expect(refuse(status, { success: false }).kind).toBe(kind);
  });

  it('names code and field, and nothing that the text quotes', () => {
    const failure = refuse(400, { success: false, error: 'Validation failed: emails: "anna@example.com" is wrong', code: 'ERR_SCHEMA_VALIDATION_FAILED' });
    expect(failure).toMatchObject({ kind: 'invalid', field: 'emails' });
    expect(failure.message).toContain('ERR_SCHEMA_VALIDATION_FAILED, field emails');
    expect(failure.message).not.toContain('anna');
  });

  it('for too many calls in two seconds is over as soon as the header says', () => {
    expect(refuse(429, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' })).toMatchObject({ kind: 'rate_limited', retryAfterMs: 1_000 });
    expect(refuse(429)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 2_000 });
  });

  it('for a used-up day is a used-up quota', () => {
    expect(refuse(429, {}, { 'x-daily-ratelimit-token-remaining': '0', 'retry-after': '1' })).toMatchObject({ kind: 'quota_exhausted', retryAfterMs: 3_600_000 });
  });

  it('by the page of its protection asks for a long pause, and for a plan that is full says so', () => {
    expect(refuse(403, '<html>Access denied</html>')).toMatchObject({ kind: 'rate_limited' });
    expect(refuse(403, { code: 'feature_capping_deals_limit' }).message).toContain('plan');
  });
});
