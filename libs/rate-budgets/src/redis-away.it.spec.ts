import { randomUUID } from 'node:crypto';
import { createTcpGate, eventually, requireTestServer, type TcpGate } from '@crossdock/test-stack';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { aRead, grantedOf } from './budget.fixture.ts';
import { callPriority } from './call-priority.ts';
import { RateBudgets } from './rate-budgets.ts';
import type { VendorLimits } from './vendor-limits.ts';

const limits: VendorLimits = { limitsFor: () => [{ name: 'minute', kind: 'rolling', lengthMs: 60_000, limit: 40 }] };
/** A call looks for Redis once and takes once, 300 ms each at most; what is more is this machine's. */
const boundMs = 1_500;

let gate: TcpGate;
let clients: Redis[];
let account: { tenantId: string; connectionId: string };

beforeEach(async () => {
  const { hostname, port } = new URL(requireTestServer('TEST_REDIS_URL'));
  gate = await createTcpGate({ host: hostname, port: Number(port) }, true);
  clients = [];
  account = { tenantId: randomUUID(), connectionId: randomUUID() };
});

afterEach(async () => {
  for (const client of clients) client.disconnect();
  await gate.dispose();
});

/** A process with a client of its own. */
async function replica(): Promise<{ take: () => Promise<unknown>; alone: () => Promise<number> }> {
  const address = new URL(requireTestServer('TEST_REDIS_URL'));
  [address.hostname, address.port] = ['127.0.0.1', String(gate.port)];
  const client = new Redis(address.href, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 1_000, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  clients.push(client);
  await eventually('the connection to Redis', async () => client.status === 'ready');
  const metrics = new Registry();
  const budgets = new RateBudgets({ redis: client, metrics, keyPrefix: 'test:', assumedReplicas: 4 });
  return {
    take: () => callPriority.interactive(() => budgets.acquire({ vendor: 'hubspot', ...account, limits, settings: {}, call: aRead, patienceMs: 0 })),
    alone: async () => (await metrics.getSingleMetric('crossdock_vendor_budget_local_total')?.get())?.values[0]?.value ?? 0,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

describe.each([
  { how: 'has been killed', harm: () => gate.close() },
  { how: 'takes connections and never answers', harm: () => gate.stall() },
  { how: 'answers too late', harm: () => gate.slowDown(700) },
])('while Redis $how', ({ harm }) => {
  it('calls go on at once within their process’s share, and are counted together again when it is back', async () => {
    const [one, other] = [await replica(), await replica()];
    expect(await grantedOf(4, one.take)).toBe(4);
    expect(await grantedOf(4, other.take)).toBe(4);
    harm();
    expect(await timed(() => Promise.all(Array.from({ length: 5 }, () => one.take())))).toBeLessThan(boundMs);
    // A quarter of forty, for each process; nobody waits any more.
    expect(await timed(async () => { expect(await grantedOf(20, one.take)).toBe(5); })).toBeLessThan(boundMs);
    expect(await grantedOf(20, other.take)).toBe(10);
    gate.open();
    // Each process finds out by itself; from then on no call is counted alone.
    for (const process of [one, other]) {
      await eventually('the call to be counted in Redis', async () => {
        const before = await process.alone();
        await process.take().catch(() => undefined);
        return await process.alone() === before;
      });
    }
    // Of forty at most twelve are left: eight were taken before, twenty meanwhile, some by those who looked.
    const left = await grantedOf(40, one.take) + await grantedOf(40, other.take);
    expect(left).toBeLessThanOrEqual(12);
    expect(left).toBeGreaterThan(0);
  });
});
