import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runOps } from './ops.ts';

const secret = 'canary-secret';
const receivedAt = '2026-11-21T12:00:00.000Z';
const receivedMs = Date.parse(receivedAt);
const url = 'https://hub.example.com/webhooks/hubspot';
const body = '[{"eventId":1,"note":"Žluťoučký"}]';

let folder: string;
let printed: string[];
let complained: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'webhook-'));
  process.env['TEST_WEBHOOK_SECRET'] = secret;
});

afterAll(() => {
  delete process.env['TEST_WEBHOOK_SECRET'];
  rmSync(folder, { recursive: true });
});

beforeEach(() => { [printed, complained] = [[], []]; });

async function verify(vendor: string, request: object, more: readonly string[] = []): Promise<number> {
  const file = join(folder, 'request.json');
  writeFileSync(file, JSON.stringify({ method: 'POST', url, headers: {}, rawBody: Buffer.from(body).toString('base64'), receivedAt, ...request }));
  return runOps(['webhook', 'verify', '--vendor', vendor, '--secret-env', 'TEST_WEBHOOK_SECRET', '--request', file, ...more], {
    print: (text) => printed.push(text), complain: (text) => complained.push(text),
  });
}

const hubSpotV3 = (timestampMs: number, signedBody = body) => ({
  'X-HubSpot-Signature-v3': createHmac('sha256', secret).update(`POST${url}${signedBody}${timestampMs}`).digest('base64'),
  'X-HubSpot-Request-Timestamp': String(timestampMs),
});

describe('a recorded webhook of HubSpot', () => {
  it('is valid by v3, with what was signed and how old it is', async () => {
    expect(await verify('hubspot', { headers: hubSpotV3(receivedMs - 1_500) })).toBe(0);
    expect(printed.join()).toMatch(/result: +valid\n/);
    expect(printed.join()).toContain(`POST${url}${body}${receivedMs - 1_500}`);
    expect(printed.join()).toContain('received 1500 ms after its own time; 300000 ms are allowed');
  });

  it('may be recorded with the path alone, where the host stands in its header', async () => {
    expect(await verify('hubspot', { url: '/webhooks/hubspot', receivedAt: receivedMs, headers: { ...hubSpotV3(receivedMs), Host: 'hub.example.com' } })).toBe(0);
  });

  it('is not valid where it is too old, was signed over another body, or came without the header', async () => {
    expect(await verify('hubspot', { headers: hubSpotV3(receivedMs - 300_001) })).toBe(1);
    expect(await verify('hubspot', { headers: hubSpotV3(receivedMs, '[]') })).toBe(1);
    expect(await verify('hubspot', {})).toBe(1);
    expect(printed.map((text) => /not valid: (\w+)/.exec(text)?.[1])).toEqual(['outside_window', 'signature_mismatch', 'signature_missing']);
  });

  it.each([
    ['v1', secret + body],
    ['v2', `${secret}POST${url}${body}`],
  ])('is valid by %s, which the hub itself does not take', async (version, hashed) => {
    const headers = { 'x-hubspot-signature': createHash('sha256').update(hashed).digest('hex'), 'x-hubspot-signature-version': version };
    expect(await verify('hubspot', { headers })).toBe(0);
    expect(await verify('hubspot', { headers, rawBody: Buffer.from('[]').toString('base64') })).toBe(1);
    expect(printed[0]).toContain('takes v3 only');
  });
});

describe('a recorded webhook of others', () => {
  it('is checked as a shop signs it', async () => {
    const signature = createHmac('sha256', secret).update(body).digest('base64');
    expect(await verify('woocommerce', { headers: { 'X-WC-Webhook-Signature': signature } })).toBe(0);
    expect(await verify('woocommerce', { headers: { 'X-WC-Webhook-Signature': signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) } })).toBe(1);
    expect(await verify('woocommerce', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, rawBody: Buffer.from('webhook_id=7').toString('base64') })).toBe(0);
  });

  it('is checked as Shippo signs it, and by the token where it does not', async () => {
    const seconds = receivedMs / 1_000;
    const signed = (at: number) => ({ 'Shippo-Auth-Signature': `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}` });
    expect(await verify('shippo', { headers: signed(seconds) })).toBe(0);
    expect(await verify('shippo', { headers: signed(seconds + 400) })).toBe(1);
    expect(printed.at(-1)).toContain('received 400000 ms before its own time');
    expect(await verify('shippo', { url: `https://hub.example.com/webhooks/shippo/1?token=${secret}` })).toBe(0);
    expect(await verify('shippo', { url: 'https://hub.example.com/webhooks/shippo/1?token=other' })).toBe(1);
  });

  it('of Pipedrive is checked by its password, which is not printed', async () => {
    const basic = (password: string) => ({ Authorization: `Basic ${Buffer.from(`crossdock:${password}`).toString('base64')}` });
    expect(await verify('pipedrive', { headers: basic(secret) })).toBe(0);
    expect(await verify('pipedrive', { headers: basic('other') })).toBe(1);
    expect(printed[0]).not.toContain(basic(secret).Authorization);
  });

  it('of Zoho is checked by the token in its body', async () => {
    const withToken = (token: string) => ({ rawBody: Buffer.from(JSON.stringify({ module: 'Deals', token })).toString('base64') });
    expect(await verify('zoho', withToken(secret))).toBe(0);
    expect(await verify('zoho', withToken('other'))).toBe(1);
    expect(printed.join()).not.toContain(secret);
  });

  it('of Dynamics is checked by its key in header or address, which is not printed', async () => {
    expect(await verify('dynamics', { headers: { 'X-Crossdock-Key': secret } })).toBe(0);
    expect(await verify('dynamics', { url: `https://hub.example.com/webhooks/dynamics/1?code=${secret}` })).toBe(0);
    expect(await verify('dynamics', { headers: { 'X-Crossdock-Key': 'other' } })).toBe(1);
    expect(printed[0]).not.toContain(secret);
  });

  it.each([
    ['hubspot', 'signature_missing', 'did not come'],
    ['woocommerce', 'signature_missing', 'did not come'],
    ['shippo', 'token_missing', 'where it was looked for'],
    ['pipedrive', 'credentials_missing', 'no Authorization header'],
    ['zoho', 'token_missing', 'where it was looked for'],
    ['dynamics', 'key_missing', 'neither in its header nor in the address'],
  ])('of %s that proves nothing is not valid, and a sentence says why', async (vendor, reason, sentence) => {
    expect(await verify(vendor, {})).toBe(1);
    expect(printed.join()).toMatch(new RegExp(`not valid: ${reason} \\([^)]*${sentence}`));
  });

  it('of Salesforce has nothing to verify, and it is said why', async () => {
    expect(await verify('salesforce', {})).toBe(1);
    expect(complained.join()).toContain('not signed');
  });
});

describe('the command', () => {
  it('says what is wrong with the file, the variable and the vendor', async () => {
    expect(await verify('hubspot', { rawBody: 'not base64!', receivedAt: 'yesterday' })).toBe(1);
    expect(complained.join()).toMatch(/rawBody: .*receivedAt: /);
    expect(await verify('acme', {})).toBe(1);
    expect(await verify('hubspot', {}, ['--secret-env', 'TEST_WEBHOOK_SECRET_UNSET'])).toBe(1);
    expect(complained.at(-1)).toContain('TEST_WEBHOOK_SECRET_UNSET is not set');
  });

  it('never prints the secret but where it stands in the address', async () => {
    await verify('hubspot', { headers: hubSpotV3(receivedMs) });
    await verify('hubspot', { headers: { 'x-hubspot-signature': createHash('sha256').update(secret + body).digest('hex') } }, ['--json']);
    expect(printed.join()).not.toContain(secret);
  });
});
