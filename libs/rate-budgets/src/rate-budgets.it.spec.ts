import { randomUUID } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import { requireTestServer } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import type { BudgetAnswer } from './budget-ledger.ts';
import { absentRedis, aRead, BudgetFixture, grantedOf } from './budget.fixture.ts';
import { chargesOf } from './limit-charge.ts';
import { LocalLedger } from './local-ledger.ts';
import { RedisLedger, type ScriptRedis } from './redis-ledger.ts';
import type { VendorLimit, VendorLimits } from './vendor-limits.ts';

let redis: Redis;

beforeAll(() => { redis = new Redis(requireTestServer('TEST_REDIS_URL')); });
afterAll(() => { redis.disconnect(); });

const limited = (...limits: VendorLimit[]): VendorLimits => ({ limitsFor: () => limits });
const tenInTenSeconds = limited({ name: 'ten-seconds', kind: 'rolling', lengthMs: 10_000, limit: 10 });

describe('the budget of an account', () => {
  it('is one budget for all replicas, and returns when the window has passed', async () => {
    const account = new BudgetFixture(tenInTenSeconds, redis);
    const [first, second] = [account.replica(), account.replica()];
    expect(await grantedOf(6, () => first.interactive())).toBe(6);
    expect(await grantedOf(6, () => second.interactive())).toBe(4);
    account.nowMs += 10_500;
    expect(await grantedOf(12, () => second.interactive())).toBe(10);
  });

  it('keeps the last share for calls that a person waits for', async () => {
    const account = new BudgetFixture(tenInTenSeconds, redis);
    const replica = account.replica({ interactiveShare: 0.3 });
    await replica.interactive();
    expect(await grantedOf(20, () => replica.background())).toBe(6);
    expect(await grantedOf(20, () => replica.interactive())).toBe(3);
  });

  it('lends most of that share to background work while nobody has waited for a minute, and the next person finds a call left', async () => {
    const account = new BudgetFixture(tenInTenSeconds, redis);
    const replica = account.replica({ interactiveShare: 0.3 });
    expect(await grantedOf(20, () => replica.background())).toBe(9);
    expect(await grantedOf(20, () => replica.interactive())).toBe(1);
    account.nowMs += 11_000;
    expect(await grantedOf(20, () => account.replica({ interactiveShare: 0.3 }).background())).toBe(7);
    account.nowMs += 60_000;
    expect(await grantedOf(20, () => replica.background())).toBe(9);
  });

  it('lends nothing of what would be missing for long', async () => {
    const account = new BudgetFixture(limited({ name: 'day', kind: 'rolling', lengthMs: 86_400_000, limit: 10, isQuota: true }), redis);
    expect(await grantedOf(20, () => account.replica({ interactiveShare: 0.3 }).background())).toBe(7);
  });

  it('is refused to background work with the time until there is more, which then suffices', async () => {
    const account = new BudgetFixture(tenInTenSeconds, redis);
    const replica = account.replica({ interactiveShare: 0 });
    expect(await grantedOf(10, () => replica.background())).toBe(10);
    const refusal: unknown = await replica.background().catch((thrown: unknown) => thrown);
    if (!(refusal instanceof Failure)) throw new Error('The call was let through.');
    expect(refusal.kind).toBe('rate_limited');
    const { retryAfterMs = 0 } = refusal;
    account.nowMs += retryAfterMs - 1;
    await expect(replica.background()).rejects.toMatchObject({ kind: 'rate_limited' });
    account.nowMs += 1;
    await replica.background();
  });

  it('is waited for by calls of a person up to their deadline, by others for a second', async () => {
    const account = new BudgetFixture(tenInTenSeconds, redis);
    const replica = account.replica({ interactiveShare: 0 });
    expect(await grantedOf(10, () => replica.background())).toBe(10);
    await expect(replica.interactive(aRead, 5_000)).rejects.toMatchObject({ kind: 'rate_limited' });
    await expect(replica.background(aRead, 30_000)).rejects.toMatchObject({ kind: 'rate_limited' });
    const beforeMs = account.nowMs;
    await replica.interactive(aRead, 30_000);
    expect(account.nowMs - beforeMs).toBeGreaterThan(9_000);
  });

  it('is that of one connection only', async () => {
    const [one, other] = [new BudgetFixture(tenInTenSeconds, redis), new BudgetFixture(tenInTenSeconds, redis)];
    expect(await grantedOf(12, () => one.replica().interactive())).toBe(10);
    expect(await grantedOf(12, () => other.replica().interactive())).toBe(10);
  });

  it('is taken from all limits of a call or from none', async () => {
    const isSearch = { costOf: ({ operation }: { operation: string }) => (operation === 'search' ? 1 : 0) };
    const account = new BudgetFixture(limited(
      { name: 'minute', kind: 'rolling', lengthMs: 60_000, limit: 5 },
      { name: 'search', kind: 'rolling', lengthMs: 60_000, limit: 2, ...isSearch },
    ), redis);
    const replica = account.replica();
    const search = { operation: 'search', method: 'POST', pathname: '/search' };
    expect(await grantedOf(9, () => replica.interactive(search))).toBe(2);
    expect(await grantedOf(9, () => replica.interactive())).toBe(3);
  });

  it('of a day that is used up is told as a quota, with the time until the day ends', async () => {
    const account = new BudgetFixture(limited({ name: 'day', kind: 'fixed', lengthMs: 86_400_000, limit: 2, isQuota: true, marginMs: 0 }), redis);
    const replica = account.replica();
    expect(await grantedOf(2, () => replica.interactive())).toBe(2);
    await expect(replica.interactive()).rejects.toMatchObject({ kind: 'quota_exhausted', retryAfterMs: 12 * 3_600_000 });
    account.nowMs = Date.parse('2026-11-22T00:00:00.000Z');
    await replica.interactive();
  });

  it('of calls under way is free again when a call ends, or when its lease runs out', async () => {
    const account = new BudgetFixture(limited({ name: 'at-once', kind: 'slots', limit: 2, leaseMs: 30_000 }), redis);
    const replica = account.replica();
    const [held] = [await replica.interactive(), await replica.interactive()];
    await expect(replica.interactive()).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 100 });
    await held.settle();
    await replica.interactive();
    await expect(replica.interactive()).rejects.toMatchObject({ kind: 'rate_limited' });
    account.nowMs += 30_001;
    expect(await grantedOf(3, () => replica.interactive())).toBe(2);
  });
});

describe('what the vendor answers', () => {
  const told = (limits: VendorLimits['correctionsOf']): VendorLimits => ({ ...tenInTenSeconds, ...(limits && { correctionsOf: limits }) });
  const ok = { status: 200, headers: new Headers() };

  it('raises the count where others have used the account, and sets the limit that is really granted', async () => {
    const account = new BudgetFixture(told(() => [{ limit: 'ten-seconds', used: 15, max: 20 }]), redis);
    const replica = account.replica();
    await (await replica.interactive()).settle(ok);
    expect(await grantedOf(9, () => account.replica().interactive())).toBe(5);
  });

  it('does not lower the count, because calls under way are in it', async () => {
    const account = new BudgetFixture(told(() => [{ limit: 'ten-seconds', used: 1, max: 10 }]), redis);
    const replica = account.replica();
    const grants = [await replica.interactive(), await replica.interactive(), await replica.interactive()];
    for (const grant of grants) await grant.settle(ok);
    expect(await grantedOf(9, () => replica.interactive())).toBe(7);
  });

  it('that others have used a day up is believed to come back bit by bit, so that a call finds out', async () => {
    const account = new BudgetFixture({
      limitsFor: () => [{ name: 'day', kind: 'rolling', lengthMs: 86_400_000, limit: 6_000, isQuota: true }],
      correctionsOf: () => [{ limit: 'day', used: 6_000, max: 6_000 }],
    }, redis);
    const replica = account.replica();
    await (await replica.interactive()).settle(ok);
    const refusal: unknown = await replica.interactive().catch((thrown: unknown) => thrown);
    if (!(refusal instanceof Failure)) throw new Error('The call was let through.');
    expect(refusal.kind).toBe('quota_exhausted');
    expect(refusal.retryAfterMs).toBeLessThan(3_600_000);
    account.nowMs += refusal.retryAfterMs ?? 0;
    await replica.interactive();
  });

  it('is remembered for as long as calls are made', async () => {
    const account = new BudgetFixture(told(() => [{ limit: 'ten-seconds', used: 1, max: 20 }]), redis);
    const replica = account.replica();
    await (await replica.interactive()).settle(ok);
    const key = `test:budget:{${account.tenantId}/${account.connectionId}}`;
    await redis.pexpire(key, 5_000);
    await replica.interactive();
    expect(await redis.pttl(key)).toBeGreaterThan(3_600_000);
  });

  it('as Retry-After lets all replicas pause for so long', async () => {
    const account = new BudgetFixture(tenInTenSeconds, redis);
    const [one, other] = [account.replica(), account.replica()];
    await (await one.interactive()).settle({ status: 429, headers: new Headers({ 'retry-after': '7' }) });
    await expect(other.interactive()).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 7_000 });
    account.nowMs += 7_000;
    await other.interactive();
  });
});

describe('while Redis is away', () => {
  it('each process goes on within its share of the limit, and no call fails for it', async () => {
    const account = new BudgetFixture(limited({ name: 'ten-seconds', kind: 'rolling', lengthMs: 10_000, limit: 100 }), absentRedis);
    const replica = account.replica({ assumedReplicas: 5 });
    expect(await grantedOf(50, () => replica.interactive())).toBe(20);
    await expect(replica.interactive()).rejects.toMatchObject({ kind: 'rate_limited' });
    account.nowMs += 10_500;
    expect(await grantedOf(50, () => replica.interactive())).toBe(20);
  });

  it('what was used meanwhile is counted when it is back', async () => {
    let isAway = true;
    const flaky: ScriptRedis = {
      evalsha: (...call) => (isAway ? absentRedis.evalsha(...call) : redis.evalsha(...call)),
      eval: (...call) => (isAway ? absentRedis.eval(...call) : redis.eval(...call)),
    };
    const account = new BudgetFixture(tenInTenSeconds, flaky);
    const [one, other] = [account.replica({ assumedReplicas: 2 }), account.replica({ assumedReplicas: 2 })];
    expect(await grantedOf(7, () => one.interactive())).toBe(5);
    expect(await grantedOf(3, () => other.interactive())).toBe(3);
    isAway = false;
    account.nowMs += 1_001;
    expect(await grantedOf(7, () => one.interactive())).toBe(5);
    await expect(other.interactive()).rejects.toMatchObject({ kind: 'rate_limited' });
  });

  it('answers at once, asking the absent Redis once a second only', async () => {
    let asked = 0;
    const ask = async () => { asked += 1; throw new Error('timeout'); };
    const counting: ScriptRedis = { evalsha: ask, eval: ask };
    const account = new BudgetFixture(tenInTenSeconds, counting);
    const replica = account.replica({ assumedReplicas: 1 });
    expect(await grantedOf(5, () => replica.interactive())).toBe(5);
    expect(asked).toBe(1);
    account.nowMs += 1_000;
    await replica.interactive();
    expect(asked).toBe(2);
  });
});

describe('the two ways of counting', () => {
  const limits = limited(
    { name: 'rolling', kind: 'rolling', lengthMs: 6_000, limit: 9, marginMs: 100 },
    { name: 'parts', kind: 'rolling', lengthMs: 8_000, limit: 1_300, marginMs: 100, costOf: () => 100 },
    { name: 'work', kind: 'rolling', lengthMs: 5_000, limit: 8_000, isWorkTime: true, costOf: () => 500 },
    { name: 'fixed', kind: 'fixed', lengthMs: 4_000, limit: 12, beginsAtMs: 1_500, costOf: () => 2, marginMs: 50 },
    { name: 'slots', kind: 'slots', limit: 6, leaseMs: 2_500 },
  );
  const step = fc.record({
    pauseMs: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 0, max: 2_000 }) }, { weight: 1, arbitrary: fc.constant(60_000) }), priority: fc.constantFrom('interactive', 'background'), reservedShare: fc.constantFrom(0, 0.1, 0.4), settles: fc.boolean(), retryAfterMs: fc.constantFrom(0, 0, 0, 700),
    workDifferenceMs: fc.constantFrom(0, -200, 900),
  });

  it('give the same answers to the same calls', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      let nowMs = 1_700_000_000_000;
      const [inRedis, inProcess] = [new RedisLedger(redis, 'test:', { now: () => nowMs, patienceMs: 60_000 }), new LocalLedger(() => nowMs)];
      const account = randomUUID();
      const charges = chargesOf(limits, {}, aRead);
      for (const { pauseMs, priority, reservedShare, settles, retryAfterMs, workDifferenceMs } of steps) {
        nowMs += pauseMs;
        const request = { account, callId: randomUUID(), priority, charges, reservedShare };
        const [remote, local] = [await inRedis.take(request), inProcess.take(request)];
        expect(inTerms(remote)).toEqual(inTerms(local));
        if (!remote.granted || !settles) continue;
        const settlement = {
          account, callId: request.callId, priority, charges, corrections: retryAfterMs > 0 ? [{ pauseMs: retryAfterMs }] : [],
          differences: charges.map(({ isWorkTime }) => (isWorkTime ? workDifferenceMs : 0)),
        };
        await inRedis.settle(settlement);
        inProcess.settle(settlement);
      }
    }), { numRuns: 60 });
  });

  const inTerms = (answer: BudgetAnswer) => (answer.granted ? answer : { ...answer, blocking: answer.blocking?.name });
});
