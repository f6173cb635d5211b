import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { requireTestServer } from '@crossdock/test-stack';
import { Redis } from 'ioredis';
import { networkOf, SignOnLimit } from './sign-on-limit.ts';

describe('the limit of sign-ons', () => {
  const redis = new Redis(requireTestServer('TEST_REDIS_URL'));
  let nowMs = 1_800_000_030_000;
  const limit = (keyPrefix = `${randomUUID()}.`, client = redis) =>
    new SignOnLimit({ redis: client, keyPrefix, perMinute: { address: 3, tenant: 5 }, now: () => new Date(nowMs) });

  afterAll(async () => {
    await redis.quit();
  });

  it('counts over all replicas, each address and tenant by itself, and begins anew with each minute', async () => {
    const prefix = `${randomUUID()}.`;
    const [one, other] = [limit(prefix), limit(prefix)];
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? one : other).ofAddress('203.0.113.7')));
    expect(answers.filter((seconds) => seconds === undefined)).toHaveLength(3);
    expect(answers.filter((seconds) => seconds === 30)).toHaveLength(5);
    expect(await one.ofAddress('203.0.113.8')).toBeUndefined();
    const tenants = await Promise.all(Array.from({ length: 7 }, () => other.ofTenant('203.0.113.7')));
    expect(tenants.filter((seconds) => seconds === undefined)).toHaveLength(5);
    nowMs += 30_000;
    expect(await one.ofAddress('203.0.113.7')).toBeUndefined();
  });

  it('holds nobody up while Redis is away', async () => {
    const away = new Redis('redis://127.0.0.1:9', { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => null });
    const open = limit('', away);
    for (let round = 0; round < 5; round += 1) expect(await open.ofAddress('203.0.113.7')).toBeUndefined();
    away.disconnect();
  });

  it('takes a network of IPv6 for one address', () => {
    expect(['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:DB8:0001:0002:3::'].map(networkOf)).toEqual(Array<string>(3).fill('2001:db8:1:2'));
    expect(['::1', '2001:db8::', '2001:db8:1:3::1', '203.0.113.7', '::ffff:203.0.113.7', 'fe80::1%eth0'].map(networkOf))
      .toEqual(['0:0:0:0', '2001:db8:0:0', '2001:db8:1:3', '203.0.113.7', '203.0.113.7', 'fe80:0:0:0']);
  });
});
