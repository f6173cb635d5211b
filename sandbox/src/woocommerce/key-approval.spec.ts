import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SandboxControl } from '../control/sandbox-control.ts';
import { startSandbox, type Sandbox } from '../start-sandbox.ts';
import { receiveWebhooks, type WebhookReceiver } from '../webhooks/webhook-receiver.fixture.ts';

let sandbox: Sandbox;
let control: SandboxControl;
let app: WebhookReceiver;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
  app = await receiveWebhooks();
});
afterAll(async () => {
  await sandbox.stop();
  await app.stop();
});
beforeEach(async () => {
  await control.reset();
  await control.createWooCommerceShop({ shop: 'tea' });
  app.received.length = 0;
  app.answerWith(200);
});

function open(more: Record<string, string> = {}): Promise<URL> {
  const asked = { app_name: 'Hub', scope: 'read_write', user_id: 'ref-1', return_url: 'https://app.example/back', callback_url: `${app.url}/keys`, ...more };
  return control.openAuthorizationPage(`${sandbox.url}/woocommerce/tea/wc-auth/v1/authorize?${new URLSearchParams(asked).toString()}`);
}

async function callShop(method: string): Promise<{ status: number }> {
  const { consumer_key: key, consumer_secret: secret } = JSON.parse(app.received[0]?.body.toString() ?? '{}') as Record<string, string>;
  const authorization = `Basic ${Buffer.from(`${key ?? ''}:${secret ?? ''}`).toString('base64')}`;
  return fetch(`${sandbox.url}/woocommerce/tea/wp-json/wc/v3/orders`, {
    method, headers: { authorization, 'content-type': 'application/json' }, ...(method === 'POST' && { body: '{}' }),
  });
}

describe('approving a key of a WooCommerce shop', () => {
  it('sends the key to the app before the owner comes back, and the key works', async () => {
    const back = await open();
    expect(Object.fromEntries(back.searchParams)).toEqual({ success: '1', user_id: 'ref-1' });
    expect(app.received[0]).toMatchObject({ path: '/keys', headers: { 'content-type': 'application/json;charset=UTF-8' } });
    expect(JSON.parse(app.received[0]?.body.toString() ?? '')).toMatchObject({ user_id: 'ref-1', key_permissions: 'read_write' });
    expect((await callShop('GET')).status).toBe(200);
  });

  it('gives a key no more than the scope that was asked for', async () => {
    await open({ scope: 'read' });
    expect([(await callShop('GET')).status, (await callShop('POST')).status]).toEqual([200, 401]);
  });

  it('makes no key when the owner denies', async () => {
    await control.setConsent('woocommerce', { decision: 'deny' });
    expect(Object.fromEntries((await open()).searchParams)).toEqual({ success: '0', user_id: 'ref-1' });
    expect(app.received).toEqual([]);
  });

  it('deletes the key again when the app answers anything but 200', async () => {
    app.answerWith(204);
    await expect(open()).rejects.toThrow('unable to send the consumer data');
    expect((await callShop('GET')).status).toBe(401);
  });

  it('refuses a callback without TLS and a parameter that is missing', async () => {
    await expect(open({ callback_url: 'http://app.example/keys' })).rejects.toThrow('The callback_url needs to be over SSL');
    await expect(open({ user_id: '' })).rejects.toThrow('Missing parameter user_id');
  });
});
