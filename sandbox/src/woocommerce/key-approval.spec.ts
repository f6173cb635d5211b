import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

let bench: SandboxBench;

beforeAll(async () => {
  bench = await startSandboxBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  await bench.clean();
  await bench.control.createWooCommerceShop({ shop: 'tea' });
});

function open(more: Record<string, string> = {}): Promise<URL> {
  const asked = { app_name: 'Hub', scope: 'read_write', user_id: 'ref-1', return_url: 'https://app.example/back', callback_url: `${bench.receiver.url}/keys`, ...more };
  return bench.control.openAuthorizationPage(`${bench.sandboxUrl}/woocommerce/tea/wc-auth/v1/authorize?${new URLSearchParams(asked).toString()}`);
}

async function callShop(method: string): Promise<{ status: number }> {
  const { consumer_key: key, consumer_secret: secret } = JSON.parse(bench.receiver.received[0]?.body.toString() ?? '{}') as Record<string, string>;
  const authorization = `Basic ${Buffer.from(`${key ?? ''}:${secret ?? ''}`).toString('base64')}`;
  return fetch(`${bench.sandboxUrl}/woocommerce/tea/wp-json/wc/v3/orders`, {
    method, headers: { authorization, 'content-type': 'application/json' }, ...(method === 'POST' && { body: '{}' }),
  });
}

describe('approving a key of a WooCommerce shop', () => {
  it('sends the key to the app before the owner comes back, and the key works', async () => {
    const back = await open();
    expect(Object.fromEntries(back.searchParams)).toEqual({ success: '1', user_id: 'ref-1' });
    expect(bench.receiver.received[0]).toMatchObject({ path: '/keys', headers: { 'content-type': 'application/json;charset=UTF-8' } });
    expect(JSON.parse(bench.receiver.received[0]?.body.toString() ?? '')).toMatchObject({ user_id: 'ref-1', key_permissions: 'read_write' });
    expect((await callShop('GET')).status).toBe(200);
  });

  it('gives a key no more than the scope that was asked for', async () => {
    await open({ scope: 'read' });
    expect([(await callShop('GET')).status, (await callShop('POST')).status]).toEqual([200, 401]);
  });

  it('makes no key when the owner denies', async () => {
    await bench.control.setConsent('woocommerce', { decision: 'deny' });
    expect(Object.fromEntries((await open()).searchParams)).toEqual({ success: '0', user_id: 'ref-1' });
    expect(bench.receiver.received).toEqual([]);
  });

  it('deletes the key again when the app answers anything but 200', async () => {
    bench.receiver.answerWith(204);
    await expect(open()).rejects.toThrow('unable to send the consumer data');
    expect((await callShop('GET')).status).toBe(401);
  });

  it('refuses a callback without TLS and a parameter that is missing', async () => {
    await expect(open({ callback_url: 'http://app.example/keys' })).rejects.toThrow('The callback_url needs to be over SSL');
    await expect(open({ user_id: '' })).rejects.toThrow('Missing parameter user_id');
  });
});
