import { describe, expect, it } from '@jest/globals';
import { dueSteps } from './account-upkeep.tasks.ts';

const nowMs = Date.parse('2026-11-21T12:00:00.000Z');
const daysFromNow = (days: number): string => new Date(nowMs + days * 86_400_000).toISOString();

describe('the upkeep of an account', () => {
  it('asks every week what the account allows', () => {
    expect(dueSteps({ probedAt: new Date(daysFromNow(-6.9)), subscription: null }, nowMs)).toEqual([]);
    expect(dueSteps({ probedAt: new Date(daysFromNow(-7)), subscription: null }, nowMs)).toEqual(['capabilities']);
  });

  it('renews a subscription three days before it runs out, and when it has', () => {
    const due = (days: number) => dueSteps({ probedAt: null, subscription: { kind: 'account', endsAt: daysFromNow(days) } }, nowMs);
    expect([due(3.1), due(2.9), due(-1)]).toEqual([[], ['change_notices'], ['change_notices']]);
  });

  it('renews none that holds for good or that the account does not have', () => {
    for (const subscription of [null, { kind: 'account' }, { kind: 'app' }, { kind: 'none', reason: 'It has none.' }] as const) {
      expect(dueSteps({ probedAt: new Date(nowMs), subscription }, nowMs)).toEqual([]);
    }
  });
});
