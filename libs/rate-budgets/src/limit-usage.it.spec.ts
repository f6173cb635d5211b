import { requireTestServer } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { absentRedis, aRead, BudgetFixture, grantedOf } from './budget.fixture.ts';
import type { VendorLimit, VendorLimits } from './vendor-limits.ts';

let redis: Redis;

beforeAll(() => { redis = new Redis(requireTestServer('TEST_REDIS_URL')); });
afterAll(() => { redis.disconnect(); });

const limited = (...limits: VendorLimit[]): VendorLimits => ({ limitsFor: () => limits });
const dayMs = 86_400_000;

describe('what is used of an account’s limits', () => {
  it('is nothing before the first call, and then what all replicas have used, until it has come back', async () => {
    const account = new BudgetFixture(limited({ name: 'ten-seconds', kind: 'rolling', lengthMs: 10_000, limit: 10 }), redis);
    const [one, other] = [account.replica(), account.replica()];
    const unused = { name: 'ten-seconds', kind: 'rolling', unit: 'calls', lengthMs: 10_000, granted: 10, used: 0 };
    expect(await other.usage()).toEqual([unused]);
    await one.background();
    account.nowMs += 4_000;
    expect(await grantedOf(2, () => other.interactive())).toBe(2);
    expect(await one.usage()).toEqual([{ ...unused, used: 3, renewsAt: new Date(account.nowMs + 10_001) }]);
    account.nowMs += 7_000;
    expect(await one.usage()).toEqual([{ ...unused, used: 2, renewsAt: new Date(account.nowMs + 3_001) }]);
    account.nowMs += 7_000;
    expect(await one.usage()).toEqual([unused]);
  });

  it('takes nothing of them', async () => {
    const account = new BudgetFixture(limited({ name: 'minute', kind: 'rolling', lengthMs: 60_000, limit: 3 }), redis);
    const replica = account.replica();
    for (let looks = 0; looks < 10; looks += 1) await replica.usage();
    expect(await grantedOf(5, () => replica.interactive())).toBe(3);
  });

  it('counts in the vendor’s own unit, and is renewed when its day begins anew', async () => {
    const account = new BudgetFixture(limited({ name: 'daily-tokens', kind: 'fixed', lengthMs: dayMs, limit: 30_000, unit: 'tokens', isQuota: true, costOf: () => 20 }), redis);
    const replica = account.replica();
    await replica.background();
    await replica.background();
    expect(await replica.usage()).toEqual([
      { name: 'daily-tokens', kind: 'fixed', unit: 'tokens', lengthMs: dayMs, granted: 30_000, used: 40, renewsAt: new Date('2026-11-22T00:00:00.000Z') },
    ]);
    account.nowMs = Date.parse('2026-11-22T00:00:01.000Z');
    expect(await replica.usage()).toMatchObject([{ used: 0 }]);
  });

  it('is what the vendor said of it, where others use the account as well, with its word that nobody is to call for a while', async () => {
    const account = new BudgetFixture({
      ...limited({ name: 'day', kind: 'rolling', lengthMs: dayMs, limit: 15_000, isQuota: true }),
      correctionsOf: () => [{ limit: 'day', used: 90_000, max: 100_000 }],
    }, redis);
    const replica = account.replica();
    const grant = await replica.background();
    await grant.settle({ status: 429, headers: new Headers({ 'retry-after': '30' }) });
    expect(await replica.usage()).toMatchObject([{ granted: 100_000, used: 90_000, pausedUntil: new Date(account.nowMs + 30_000) }]);
    account.nowMs += 30_000;
    expect((await replica.usage())?.[0]).not.toHaveProperty('pausedUntil');
  });

  it('is calls under way where so many are allowed at once, and the time that the vendor worked where it counts that', async () => {
    const account = new BudgetFixture(limited(
      { name: 'at-once', kind: 'slots', limit: 5, leaseMs: 30_000 },
      { name: 'work-time', kind: 'rolling', lengthMs: 300_000, limit: 1_200_000, isWorkTime: true, costOf: () => 500 },
    ), redis);
    const replica = account.replica();
    const grants = [await replica.background(aRead), await replica.interactive(aRead)];
    expect(await replica.usage()).toMatchObject([
      { kind: 'slots', unit: 'calls', granted: 5, used: 2 }, { kind: 'rolling', unit: 'milliseconds', granted: 1_200_000, used: 1_000 },
    ]);
    account.nowMs += 200;
    for (const grant of grants) await grant.settle();
    const [slots, work] = await replica.usage() ?? [];
    expect(slots).toEqual({ name: 'at-once', kind: 'slots', unit: 'calls', granted: 5, used: 0 });
    expect(work).toMatchObject({ used: 400 });
  });

  it('is not known while Redis is away', async () => {
    expect(await new BudgetFixture(limited({ name: 'day', kind: 'rolling', lengthMs: dayMs, limit: 10 }), absentRedis).replica().usage()).toBeUndefined();
  });
});
