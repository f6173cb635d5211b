import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isWooCommercePing, verifyWooCommerceWebhook } from './woocommerce.webhook-signature.ts';

const secret = 'shop secret';
const rawBody = Buffer.from('{"id":12,"note":"caf\\u00e9 \\/ bar"}');
const sign = (body: Uint8Array, key = secret) => createHmac('sha256', key).update(body).digest('base64');
const verify = (signature: string | readonly string[] | undefined, body: Uint8Array = rawBody, secrets = [secret]) =>
  verifyWooCommerceWebhook({ headers: { 'x-wc-webhook-signature': signature }, rawBody: body, secrets });

describe("a shop's signature", () => {
  it('is accepted over the bytes as they came', () => {
    // Computed apart from this code: printf '%s' '{"id":12}' | openssl dgst -sha256 -hmac 'k' -binary | base64
    expect(verify('SKQcHyxzRHH3JlXmJTNF5Y+yv9zYpUXp3yBC6t9+W+4=', Buffer.from('{"id":12}'), ['k'])).toEqual({ valid: true });
    expect(verify(sign(rawBody))).toEqual({ valid: true });
  });

  it('is refused over the same content written in another way', () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(rawBody.toString())));
    expect(verify(sign(rawBody), rewritten)).toEqual({ valid: false, reason: 'signature_mismatch' });
  });

  it('is refused with another secret or over another body', () => {
    expect(verify(sign(rawBody, 'other'))).toEqual({ valid: false, reason: 'signature_mismatch' });
    expect(verify(sign(rawBody), Buffer.from('{"id":13}'))).toEqual({ valid: false, reason: 'signature_mismatch' });
  });

  it('is refused where no secret is known', () => {
    expect(verify(sign(rawBody, ''), rawBody, [])).toEqual({ valid: false, reason: 'signature_mismatch' });
  });

  it.each([[undefined], ['']])('is refused as missing when it is %p', (signature) => {
    expect(verify(signature)).toEqual({ valid: false, reason: 'signature_missing' });
  });

  it.each([
    ['sent twice and joined', `${sign(rawBody)}, ${sign(rawBody)}`],
    ['sent twice as a list', [sign(rawBody), sign(rawBody)]],
    ['huge', 'A'.repeat(1_000_000)],
    ['no base64', `${'!'.repeat(43)}=`],
    ['hexadecimal', createHmac('sha256', secret).update(rawBody).digest('hex')],
    ['cut off', sign(rawBody).slice(0, -1)],
    ['followed by a line break', `${sign(rawBody)}\n`],
  ])('is refused as malformed when %s', (_what, signature) => {
    expect(verify(signature)).toEqual({ valid: false, reason: 'signature_malformed' });
  });

  it('is accepted with the old and the new secret while it is rotated, and with the new one only after it', () => {
    expect(verify(sign(rawBody, 'old'), rawBody, ['new', 'old'])).toEqual({ valid: true });
    expect(verify(sign(rawBody, 'new'), rawBody, ['new', 'old'])).toEqual({ valid: true });
    expect(verify(sign(rawBody, 'old'), rawBody, ['new'])).toEqual({ valid: false, reason: 'signature_mismatch' });
  });

  it.each([
    ['a&amp;b', 'a&b'], ['&lt;&#060;&gt;&quot;&#34;&#039;&#x27;', `<<>""''`], ['&amp;lt;', '&lt;'], ['&eacute;&', '&eacute;&'],
  ])('is made with the secret %p as WordPress decodes it: %p', (stored, used) => {
    expect(verify(sign(rawBody, used), rawBody, [stored])).toEqual({ valid: true });
  });
});

describe("a shop's ping", () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('is known by its form with nothing but the number of the webhook', () => {
    expect(isWooCommercePing({ headers: form, rawBody: Buffer.from('webhook_id=142') })).toBe(true);
  });

  it.each<[string, Record<string, string>, string]>([
    ['JSON', { 'content-type': 'application/json' }, 'webhook_id=142'],
    ['no content type', {}, 'webhook_id=142'],
    ['a signature', { ...form, 'x-wc-webhook-signature': 'x' }, 'webhook_id=142'],
    ['more fields', form, 'webhook_id=142&order=1'],
    ['no number', form, 'webhook_id=abc'],
    ['an endless number', form, `webhook_id=${'1'.repeat(100)}`],
  ])('is not what comes with %s', (_what, headers, body) => {
    expect(isWooCommercePing({ headers, rawBody: Buffer.from(body) })).toBe(false);
  });
});
