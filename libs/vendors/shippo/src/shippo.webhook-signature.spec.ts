import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifyShippoWebhook, type ShippoWebhookRequest } from './shippo.webhook-signature.ts';

const rawBody = Buffer.from('{"event":"track_updated","data":{"note":"é"}}');
const nowMs = 1_772_000_000_000;
const nowSeconds = nowMs / 1_000;

const verify = (more: Partial<ShippoWebhookRequest>) =>
  verifyShippoWebhook({ headers: {}, token: undefined, rawBody, nowMs, tokens: [], hmacSecrets: [], ...more });

const sign = (secret: string, seconds: number | string = nowSeconds, body: Uint8Array = rawBody) =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex')}`;

describe('the token in a registered address', () => {
  it('is accepted when it is the expected one, or the former one while it is changed', () => {
    expect(verify({ token: 'new', tokens: ['new', 'old'] })).toEqual({ valid: true });
    expect(verify({ token: 'old', tokens: ['new', 'old'] })).toEqual({ valid: true });
    expect(verify({ token: 'old', tokens: ['new'] })).toEqual({ valid: false, reason: 'token_mismatch' });
  });

  it.each([
    [undefined, 'token_missing'], ['', 'token_missing'], ['x'.repeat(10_000), 'token_malformed'], [['right', 'right'], 'token_malformed'],
    ['wrong', 'token_mismatch'], ['righ', 'token_mismatch'], ['right ', 'token_mismatch'],
  ] as const)('%p is refused as %s', (token, reason) => {
    expect(verify({ token, tokens: ['right'] })).toEqual({ valid: false, reason });
  });

  it('never matches an empty expectation, and nothing is accepted where nothing is set up', () => {
    expect(verify({ token: 'x', tokens: [''] })).toEqual({ valid: false, reason: 'token_mismatch' });
    expect(verify({ token: 'x' })).toEqual({ valid: false, reason: 'not_configured' });
  });
});

describe('the signature header', () => {
  const verifySigned = (header: string | readonly string[] | undefined, more: Partial<ShippoWebhookRequest> = {}) =>
    verify({ headers: { 'shippo-auth-signature': header }, hmacSecrets: ['secret'], ...more });

  it('is accepted over time and raw body', () => {
    // Computed apart from this code: printf '%s' '1000.{"a":1}' | openssl dgst -sha256 -hmac 'k'
    const known = 't=1000,v1=dffbc2557cb360d8a87c2fbbf465de108bdca6df5f684e0ffa98cdbd4cd183fa';
    expect(verifySigned(known, { rawBody: Buffer.from('{"a":1}'), nowMs: 1_000_000, hmacSecrets: ['k'] })).toEqual({ valid: true });
    expect(verifySigned(sign('secret'))).toEqual({ valid: true });
    expect(verifySigned(sign('secret').replace(',', ', '))).toEqual({ valid: true });
  });

  it('is accepted with the old and the new secret while it is rotated', () => {
    expect(verifySigned(sign('old'), { hmacSecrets: ['new', 'old'] })).toEqual({ valid: true });
    expect(verifySigned(sign('old'), { hmacSecrets: ['new'] })).toEqual({ valid: false, reason: 'signature_mismatch' });
  });

  it('is refused over another body or with another time than was signed', () => {
    expect(verifySigned(sign('secret'), { rawBody: Buffer.from('{}') })).toEqual({ valid: false, reason: 'signature_mismatch' });
    const moved = sign('secret').replace(String(nowSeconds), String(nowSeconds + 1));
    expect(verifySigned(moved)).toEqual({ valid: false, reason: 'signature_mismatch' });
  });

  it.each([[-301, false], [-300, true], [300, true], [301, false]])('made %p s from now is accepted: %p', (seconds, valid) => {
    expect(verifySigned(sign('secret', nowSeconds + seconds))).toEqual(valid ? { valid } : { valid, reason: 'outside_window' });
  });

  it.each([
    ['missing', undefined, 'signature_missing'], ['empty', '', 'signature_missing'],
    ['sent twice and joined', `${sign('secret')}, ${sign('secret')}`, 'signature_malformed'],
    ['sent twice as a list', [sign('secret'), sign('secret')], 'signature_malformed'],
    ['huge', 't='.padEnd(1_000_000, '1'), 'signature_malformed'],
    ['without a number as time', sign('secret', 'NaN'), 'signature_malformed'],
    ['not hexadecimal', `t=${nowSeconds},v1=${'z'.repeat(64)}`, 'signature_malformed'],
    ['cut off', sign('secret').slice(0, -2), 'signature_malformed'],
  ] as const)('is refused when %s', (_what, header, reason) => {
    expect(verifySigned(header)).toEqual({ valid: false, reason });
  });

  it('cannot be replaced by a token where the account signs', () => {
    expect(verify({ token: 'right', tokens: ['right'], hmacSecrets: ['secret'] })).toEqual({ valid: false, reason: 'signature_missing' });
  });
});
