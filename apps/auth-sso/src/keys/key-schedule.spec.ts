import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessTokenLifetimeSeconds, clockToleranceSeconds, jwksCacheSeconds } from '@crossdock/service-tokens';
import { keepPublishedMs, planKeys, publishAheadMs, type ScheduledKey } from './key-schedule.ts';

const hourMs = 3_600_000;
const lifetimeMs = 24 * hourMs;
const start = Date.parse('2026-01-01T00:00:00.000Z');

interface Step {
  readonly nowMs: number;
  readonly published: readonly string[];
  readonly signing: string | undefined;
}

/** Follows the plan at each of the given times, as the issuer's upkeep does. */
function follow(timesMs: readonly number[]): Step[] {
  let keys: ScheduledKey[] = [];
  return timesMs.map((nowMs, round) => {
    const plan = planKeys(keys, new Date(nowMs), lifetimeMs);
    if (plan.createActiveFrom) keys.push({ kid: `key-${round}`, activeFrom: plan.createActiveFrom });
    keys = keys.filter(({ kid }) => !plan.expired.includes(kid));
    return { nowMs, published: keys.map(({ kid }) => kid), signing: planKeys(keys, new Date(nowMs), lifetimeMs).signing };
  });
}

describe('the schedule of signing keys', () => {
  it('has the first key sign at once', () => {
    expect(planKeys([], new Date(start), lifetimeMs)).toEqual({ signing: undefined, createActiveFrom: new Date(start), expired: [] });
    expect(follow([start])[0]).toEqual({ nowMs: start, published: ['key-0'], signing: 'key-0' });
  });

  it('publishes the next key before it signs, and the last one until its tokens have run out', () => {
    const at = (ms: number): number => start + lifetimeMs + ms;
    const steps = follow([start, at(-publishAheadMs - 1), at(-publishAheadMs), at(-1), at(0), at(keepPublishedMs - 1), at(keepPublishedMs)]);
    expect(steps.map(({ published, signing }) => [published.join(), signing])).toEqual([
      ['key-0', 'key-0'],
      ['key-0', 'key-0'],
      ['key-0,key-2', 'key-0'],
      ['key-0,key-2', 'key-0'],
      ['key-0,key-2', 'key-2'],
      ['key-0,key-2', 'key-2'],
      ['key-2', 'key-2'],
    ]);
  });

  it('lets the old key go on after a long pause of the issuer, rather than sign with one nobody has read', () => {
    const late = start + 10 * lifetimeMs;
    const [, afterPause, later] = follow([start, late, late + publishAheadMs]);
    expect([afterPause?.signing, later?.signing]).toEqual(['key-0', 'key-1']);
  });

  it('holds, whenever upkeep runs: every token can be checked by services that read the keys as rarely as they may', () => {
    const times = fc.array(fc.integer({ min: 60_000, max: 30 * hourMs }), { minLength: 1, maxLength: 60 })
      .map((pauses) => pauses.reduce<number[]>((list, pause) => [...list, (list.at(-1) ?? start) + pause], [start]));
    fc.assert(fc.property(times, (timesMs) => {
      const steps = follow(timesMs);
      for (const [index, { nowMs, signing, published }] of steps.entries()) {
        expect(published).toContain(signing);
        const longAgo = steps.slice(0, index).filter((step) => step.nowMs <= nowMs - jwksCacheSeconds * 1_000);
        const knownToAll = longAgo.length === 0 || longAgo.at(-1)?.published.includes(signing ?? '');
        expect(knownToAll).toBe(true);
        const tokenEndMs = nowMs + (accessTokenLifetimeSeconds + clockToleranceSeconds) * 1_000;
        const whileAlive = steps.slice(index).filter((step) => step.nowMs <= tokenEndMs);
        for (const step of whileAlive) expect(step.published).toContain(signing);
      }
    }), { numRuns: 200 });
  });
});
