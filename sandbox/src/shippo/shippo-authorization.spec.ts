import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ShippoAccountCreated } from '../control/shippo-control.schema.ts';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

let bench: SandboxBench;
let account: ShippoAccountCreated;
const redirectUri = 'https://app.example/shippo-oauth-redirect/';

beforeAll(async () => {
  bench = await startSandboxBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  await bench.clean();
  account = await bench.control.createShippoAccount({ redirectUris: [redirectUri] });
});

function open(more: Record<string, string> = {}): Promise<URL> {
  const asked = { response_type: 'code', client_id: account.clientId, scope: '*', state: 's-1', ...more };
  return bench.control.openAuthorizationPage(`${bench.sandboxUrl}/shippo/oauth/authorize?${new URLSearchParams(asked).toString()}`);
}

async function exchange(back: URL, more: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
  const form = { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '', client_id: account.clientId, client_secret: account.clientSecret };
  const answer = await fetch(`${bench.sandboxUrl}/shippo/oauth/access_token`, { method: 'POST', body: new URLSearchParams({ ...form, ...more }) });
  return { status: answer.status, body: await answer.json() };
}

async function carriers(authorization: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${bench.sandboxUrl}/shippo/carrier_accounts?results=1`, { headers: { authorization } });
  return { status: answer.status, body: await answer.json() };
}

describe('letting a platform into a Shippo account', () => {
  it('gives a token that works as Bearer and not as ShippoToken, until it is revoked', async () => {
    const { body } = await exchange(await open());
    expect(body).toMatchObject({ token_type: 'bearer', scope: '*' });
    const { access_token: token } = body as { access_token: string };
    expect(await carriers(`Bearer ${token}`)).toMatchObject({ status: 200, body: { results: [{ object_owner: account.owner }] } });
    expect((await carriers(`ShippoToken ${token}`)).status).toBe(401);
    await bench.control.addFault('shippo', { kind: 'revoke-token', account: account.account });
    expect(await carriers(`Bearer ${token}`)).toEqual({ status: 401, body: { detail: 'Token does not exist' } });
  });

  it('takes a code once and in time, and only with the platform’s secret', async () => {
    const back = await open();
    expect((await exchange(back)).status).toBe(200);
    expect(await exchange(back)).toEqual({ status: 400, body: { error: 'invalid_grant' } });
    expect(await exchange(await open(), { client_secret: 'wrong' })).toEqual({ status: 401, body: { error: 'invalid_client' } });
    const late = await open();
    await bench.control.addFault('shippo', { kind: 'expire-code' });
    expect((await exchange(late)).status).toBe(400);
  });

  it('sends the person back to the registered address alone, with an error when they deny', async () => {
    const back = await open();
    expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([redirectUri, 's-1']);
    await expect(open({ redirect_uri: 'https://app.example/elsewhere' })).rejects.toThrow('not the one that was registered');
    await bench.control.setConsent('shippo', { decision: 'deny' });
    expect((await open()).searchParams.get('error')).toBe('access_denied');
  });
});
