import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';
import { startSandbox } from '../start-sandbox.ts';
import { SandboxControl } from './sandbox-control.ts';

let bench: SandboxBench;

beforeAll(async () => {
  bench = await startSandboxBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

async function portalWithCalls() {
  const { accessToken, portalId } = await bench.control.createHubSpotPortal();
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  const deals = `${bench.sandboxUrl}/hubspot/crm/v3/objects/deals`;
  return {
    portalId,
    list: () => fetch(deals, { headers }),
    create: () => fetch(deals, { method: 'POST', headers, body: JSON.stringify({ properties: { dealname: 'D' } }) }),
  };
}

describe('faults on demand', () => {
  it('strikes as often as told, and only where the pattern fits', async () => {
    const { list, create } = await portalWithCalls();
    await bench.control.addFault('hubspot', { kind: 'status', status: 502, times: 2, pathPattern: '^POST ' });
    expect((await list()).status).toBe(200);
    expect([(await create()).status, (await create()).status, (await create()).status]).toEqual([502, 502, 201]);
  });

  it('strikes one account alone where the vendor’s tokens tell whose call it is', async () => {
    const [struck, other] = [await portalWithCalls(), await portalWithCalls()];
    await bench.control.addFault('hubspot', { kind: 'status', status: 502, account: String(struck.portalId) });
    expect((await other.list()).status).toBe(200);
    expect([(await struck.list()).status, (await struck.list()).status]).toEqual([502, 200]);
    await expect(bench.control.addFault('woocommerce', { kind: 'status', account: 'a-shop' })).rejects.toThrow('account: cannot be told from a call to woocommerce');
  });

  it('cuts the connection before the work, or after it is done', async () => {
    const { portalId, create } = await portalWithCalls();
    await bench.control.addFault('hubspot', { kind: 'reset' });
    await expect(create()).rejects.toThrow();
    expect(await bench.control.hubSpotRecords(portalId, 'deals')).toHaveLength(0);
    await bench.control.addFault('hubspot', { kind: 'reset', phase: 'after' });
    await expect(create()).rejects.toThrow();
    expect(await bench.control.hubSpotRecords(portalId, 'deals')).toHaveLength(1);
  });

  it('answers late, and drips a body out', async () => {
    const { list } = await portalWithCalls();
    for (const kind of ['latency', 'slow-body'] as const) {
      await bench.control.addFault('hubspot', { kind, latencyMs: 200 });
      const begun = performance.now();
      expect(await (await list()).json()).toEqual({ results: [] });
      expect(performance.now() - begun).toBeGreaterThanOrEqual(190);
    }
  });

  it('says in each vendor’s own words that a caller is too fast', async () => {
    const { list } = await portalWithCalls();
    for (const vendor of ['hubspot', 'shippo', 'woocommerce', 'salesforce'] as const) await bench.control.addFault(vendor, { kind: 'rate-limit', retryAfterSeconds: 7 });
    const hubspot = await list();
    expect([hubspot.status, hubspot.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await hubspot.json()).toMatchObject({ policyName: 'TEN_SECONDLY_ROLLING' });
    expect((await fetch(`${bench.sandboxUrl}/shippo/tracks`)).status).toBe(429);
    expect((await fetch(`${bench.sandboxUrl}/woocommerce/tea/wp-json/wc/v3/orders`)).headers.get('content-type')).toContain('text/html');
    const salesforce = await fetch(`${bench.sandboxUrl}/salesforce/services/data/v62.0/limits`);
    expect([salesforce.status, await salesforce.json()]).toMatchObject([403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }]]);
  });

  it('refuses what a vendor does not have and a pattern that cannot be read', async () => {
    await expect(bench.control.addFault('shippo', { kind: 'expire-token' })).rejects.toThrow('shippo has nothing that expire-token could spoil');
    await expect(bench.control.addFault('hubspot', { kind: 'reset', pathPattern: '(' })).rejects.toThrow('not a regular expression');
  });
});

describe('who may use the control API', () => {
  it('asks for the token when one is set', async () => {
    const guarded = await startSandbox({ port: 0, controlToken: 'open sesame' });
    try {
      await expect(new SandboxControl(guarded.url).deliveries()).rejects.toThrow('401');
      await expect(new SandboxControl(guarded.url, 'open').deliveries()).rejects.toThrow('401');
      expect(await new SandboxControl(guarded.url, 'open sesame').deliveries()).toEqual({ pending: 0, deliveries: [] });
    } finally {
      await guarded.stop();
    }
  });

  it('is closed beyond loopback without a token, while the vendors still answer', async () => {
    const open = await startSandbox({ port: 0, host: '0.0.0.0' });
    try {
      const url = `http://127.0.0.1:${new URL(open.url).port}`;
      await expect(new SandboxControl(url).deliveries()).rejects.toThrow('SANDBOX_CONTROL_TOKEN');
      expect((await fetch(`${url}/salesforce/services/data`)).status).toBe(200);
    } finally {
      await open.stop();
    }
  });
});

describe('reset', () => {
  it('forgets accounts, writes, deliveries and faults', async () => {
    const { create, portalId } = await portalWithCalls();
    await create();
    await bench.control.addFault('hubspot', { kind: 'status' });
    await bench.control.reset();
    expect(await bench.control.writes('hubspot')).toEqual({ byType: {}, records: [] });
    await expect(bench.control.hubSpotRecords(portalId, 'deals')).rejects.toThrow('There is no HubSpot portal');
    expect((await create()).status).toBe(401);
  });
});
