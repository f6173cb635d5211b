import { describe, expect, it } from '@jest/globals';
import { carrierFailure, shippoFailure } from './shippo.errors.ts';

const refuse = (status: number, body = '', headers: Record<string, string> = {}) =>
  shippoFailure({ operation: 'transactions.create', status, headers: new Headers(headers), body });

describe('a refusal by Shippo', () => {
  it.each([
    [400, 'invalid'], [401, 'unauthorised'], [403, 'forbidden'], [404, 'not_found'], [408, 'transient'], [409, 'conflict'],
    [418, 'unexpected'], [422, 'invalid'], [429, 'rate_limited'], [500, 'transient'], [503, 'transient'],
  ] as const)('with status %i is %s', (status, kind) => {
    expect(refuse(status).kind).toBe(kind);
  });

  it('names the field, and nothing of the text', () => {
    const failure = refuse(400, '{"address_to":["canary street is unknown"]}');
    expect(failure.field).toBe('address_to');
    expect(failure.message).not.toContain('canary');
    expect(refuse(400, '{"detail":"canary"}')).toMatchObject({ field: undefined, message: expect.not.stringContaining('canary') });
    expect(refuse(400, '<html>canary</html>').message).not.toContain('canary');
  });

  it('waits for the next minute when too many calls were made, unless it says how long', () => {
    expect(refuse(429).retryAfterMs).toBe(60_000);
    expect(refuse(429, '', { 'retry-after': '3' }).retryAfterMs).toBe(3_000);
  });
});

describe('what a carrier said', () => {
  it('is transient when no carrier answered, and about the shipment otherwise', () => {
    const timeout = { source: 'UPS', code: 'carrier_timeout' };
    expect(carrierFailure('No rate', [timeout])).toMatchObject({ kind: 'transient', message: 'No rate (UPS carrier_timeout).' });
    expect(carrierFailure('No rate', [timeout, { source: 'USPS', code: 'invalid_zip' }]).kind).toBe('invalid');
    expect(carrierFailure('No rate', [])).toMatchObject({ kind: 'invalid', message: 'No rate.' });
  });
});
