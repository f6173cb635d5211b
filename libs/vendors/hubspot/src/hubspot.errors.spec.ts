import { describe, expect, it } from '@jest/globals';
import { hubSpotFailure, hubSpotRecordFailure } from './hubspot.errors.ts';

function refuse(status: number, body: unknown = {}, headers: Record<string, string> = {}) {
  return hubSpotFailure({
    operation: 'contacts.batchUpsert', status, headers: new Headers(headers),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('a refusal of HubSpot', () => {
  it.each([
    [401, 'unauthorised'], [403, 'forbidden'], [404, 'not_found'], [408, 'transient'], [409, 'conflict'], [400, 'invalid'],
    [500, 'transient'], [502, 'transient'], [524, 'transient'], [301, 'unexpected'], [418, 'unexpected'],
  ])('with status %i is %s', (status, kind) => {
    expect(refuse(status).kind).toBe(kind);
  });

  it('over the rolling limit waits for the window to pass, or as long as HubSpot says', () => {
    const body = { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING', message: 'You have reached your ten_secondly_rolling limit.' };
    expect(refuse(429, body)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 10_000 });
    expect(refuse(429, body, { 'x-hubspot-ratelimit-interval-milliseconds': '5000' })).toMatchObject({ retryAfterMs: 5_000 });
    expect(refuse(429, body, { 'retry-after': '3' })).toMatchObject({ retryAfterMs: 3_000 });
  });

  it('over the limit of searches waits for a second', () => {
    expect(refuse(429, { message: 'You have reached your secondly limit.' })).toMatchObject({ kind: 'rate_limited', retryAfterMs: 1_000 });
  });

  it('over the daily limit is a used-up quota, not a pause of seconds', () => {
    expect(refuse(429, { policyName: 'DAILY', message: 'You have reached your daily limit.' }))
      .toMatchObject({ kind: 'quota_exhausted', retryAfterMs: 3_600_000 });
  });

  it('for a locked or moving account waits as documented', () => {
    expect(refuse(423)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 2_000 });
    expect(refuse(477, {}, { 'retry-after': '7200' })).toMatchObject({ kind: 'rate_limited', retryAfterMs: 7_200_000 });
  });

  it('for a wrong property names the property and why, without the value', () => {
    const faults = [{ isValid: false, message: 'Email address anna@private.example is invalid', error: 'INVALID_EMAIL', name: 'email' }];
    const failure = refuse(400, {
      status: 'error', category: 'VALIDATION_ERROR', correlationId: 'c-1', message: `Property values were not valid: ${JSON.stringify(faults)}`,
    });
    expect(failure).toMatchObject({ kind: 'invalid', field: 'email' });
    expect(failure.message).toContain('INVALID_EMAIL of email');
    expect(failure.message).not.toContain('private.example');
  });

  it('for a currency that the account does not have says who can add it', () => {
    const message = `Property values were not valid: ${JSON.stringify([{ isValid: false, message: '"BRL" is not one', error: 'INVALID_OPTION', name: 'deal_currency_code' }])}`;
    for (const failure of [refuse(400, { category: 'VALIDATION_ERROR', message }), hubSpotRecordFailure('deals.batchUpsert', { category: 'VALIDATION_ERROR', message })]) {
      expect(failure).toMatchObject({ kind: 'invalid', field: 'deal_currency_code', message: expect.stringContaining('An administrator adds it') });
    }
  });

  it('while our key property is not set up yet is a missing dependency, not wrong data', () => {
    const message = 'Unable to perform update/upsert by non-unique 0-3 property crossdock_external_id in portal ID 62515';
    expect(refuse(400, { category: 'VALIDATION_ERROR', message }).kind).toBe('dependency_missing');
  });

  it('for a property of the hub’s own that is not there is a missing dependency, in a batch too', () => {
    const message = `Property values were not valid: ${JSON.stringify([{ isValid: false, message: 'x', error: 'PROPERTY_DOESNT_EXIST', name: 'crossdock_order_status' }])}`;
    expect(refuse(400, { category: 'VALIDATION_ERROR', message })).toMatchObject({ kind: 'dependency_missing', field: 'crossdock_order_status' });
    expect(hubSpotRecordFailure('deals.batchUpsert', { category: 'VALIDATION_ERROR', message }).kind).toBe('dependency_missing');
  });

  it('is understood when a gateway answers a page instead of JSON', () => {
    expect(refuse(502, '<html>Bad gateway</html>').kind).toBe('transient');
    expect(refuse(400, '"text"').kind).toBe('invalid');
    expect(refuse(400, { message: 'Property values were not valid: [nonsense]' }).kind).toBe('invalid');
  });

  it('of one record in a batch keeps what HubSpot quotes out of the message', () => {
    const failure = hubSpotRecordFailure('contacts.batchUpsert', { category: 'CONFLICT', message: 'Contact anna@private.example already exists' });
    expect(failure.kind).toBe('conflict');
    expect(failure.message).not.toContain('private.example');
  });
});
