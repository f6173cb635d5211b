import { randomUUID } from 'node:crypto';
import { installationId } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { FlagRules } from './flag-rules.ts';

const flag = 'connect-zoho';
const forAll = (percentage: number) => ({ flag, tenantId: installationId, percentage });

describe('a feature flag', () => {
  it('is as by default where nobody said anything, and unknown where there is none of its name', () => {
    expect(new FlagRules([]).decide(flag, randomUUID())).toEqual({ isOn: true, by: 'default' });
    expect(new FlagRules([]).decide('connect-nobody', randomUUID())).toBeUndefined();
  });

  it('is on for about as many tenants as it is rolled out to, and for the same ones when it grows', () => {
    const tenants = Array.from({ length: 2_000 }, () => randomUUID());
    const onAt = (percentage: number): string[] => tenants.filter((tenantId) => new FlagRules([forAll(percentage)]).decide(flag, tenantId)?.isOn === true);
    const [none, few, half, all] = [onAt(0), onAt(10), onAt(50), onAt(100)];
    expect([none.length, all.length]).toEqual([0, 2_000]);
    // Six standard deviations, so that chance does not fail it.
    expect(few.length).toBeGreaterThan(200 - 6 * 13.5);
    expect(few.length).toBeLessThan(200 + 6 * 13.5);
    expect(half).toEqual(expect.arrayContaining(few));
  });

  it('goes by what was said of one tenant before all else', () => {
    const tenantId = randomUUID();
    expect(new FlagRules([forAll(100), { flag, tenantId, percentage: 0 }]).decide(flag, tenantId)).toEqual({ isOn: false, by: 'tenant' });
    expect(new FlagRules([forAll(0), { flag, tenantId, percentage: 100 }]).decide(flag, tenantId)).toEqual({ isOn: true, by: 'tenant' });
  });
});
