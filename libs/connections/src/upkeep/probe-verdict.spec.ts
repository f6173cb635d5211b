import { Failure } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import type { Connection } from '../connection.ts';
import { judgeProbe } from './probe-verdict.ts';

const nowMs = Date.UTC(2026, 10, 21, 12);
const everyMs = 900_000;

function judge(failure: Failure | undefined, more: { state?: Connection['state']; stateCode?: Connection['stateCode']; sinceMs?: number; failuresBefore?: number; chance?: number } = {}) {
  const { state = 'healthy', stateCode, sinceMs = 0, failuresBefore = 0, chance = 0.5 } = more;
  const connection = { vendor: 'hubspot' as const, state, stateSince: new Date(nowMs - sinceMs), ...(stateCode && { stateCode }) };
  return judgeProbe(connection, failure, { failuresBefore, everyMs, nowMs, chance });
}

describe('a probe', () => {
  it('that works leaves a healthy connection as it is and comes again in time, not all at once', () => {
    expect(judge(undefined)).toEqual({ failures: 0, nextInMs: everyMs });
    expect(judge(undefined, { chance: 0 }).nextInMs).toBe(everyMs * 0.8);
    expect(judge(undefined, { chance: 1 }).nextInMs).toBe(everyMs * 1.2);
  });

  it('that works leaves what is being set up to the set-up', () => {
    expect(judge(undefined, { state: 'connecting' })).not.toHaveProperty('state');
  });

  it.each(['rate_limited', 'quota_exhausted'] as const)('that is %s shows that the vendor is there', (kind) => {
    expect(judge(new Failure(kind, 'slow down'), { failuresBefore: 1 })).toEqual({ failures: 0, nextInMs: everyMs });
  });

  it('that gets no answer once says nothing yet and comes again soon', () => {
    const verdict = judge(new Failure('transient', 'away'));
    expect(verdict).toEqual({ failure: 'away', failures: 1, nextInMs: 60_000 });
  });

  it('that gets no answer twice in a row says so, and comes again less and less soon', () => {
    expect(judge(new Failure('transient', 'away'), { failuresBefore: 1 })).toMatchObject({ state: 'degraded', reason: { code: 'vendor_unreachable' }, nextInMs: 120_000 });
    expect(judge(new Failure('transient', 'away'), { failuresBefore: 8 }).nextInMs).toBe(everyMs);
  });

  it('that is refused asks for a person at once', () => {
    expect(judge(new Failure('unauthorised', 'revoked'))).toMatchObject({ state: 'needs_reconnect', reason: { code: 'authorisation_refused', message: 'revoked' } });
  });

  it('that lacks a permission says so', () => {
    expect(judge(new Failure('forbidden', 'scope'))).toMatchObject({ state: 'degraded', reason: { code: 'permission_missing' } });
  });

  it('that works again ends an outage at once, and lets work try a missing permission after an hour', () => {
    expect(judge(undefined, { state: 'degraded', stateCode: 'vendor_unreachable' })).toMatchObject({ state: 'healthy' });
    expect(judge(undefined, { state: 'degraded', stateCode: 'permission_missing', sinceMs: 3_000_000 })).not.toHaveProperty('state');
    expect(judge(undefined, { state: 'degraded', stateCode: 'permission_missing', sinceMs: 4_000_000 })).toMatchObject({ state: 'healthy' });
  });

  it('that works does not end what the set-up found missing', () => {
    expect(judge(undefined, { state: 'degraded', stateCode: 'account_limited', sinceMs: 8_000_000 })).not.toHaveProperty('state');
  });

  it('that works ends a lost key that came back, but no refused authorisation', () => {
    expect(judge(undefined, { state: 'needs_reconnect', stateCode: 'secret_unreadable' })).toMatchObject({ state: 'healthy' });
    expect(judge(undefined, { state: 'needs_reconnect', stateCode: 'authorisation_refused' })).not.toHaveProperty('state');
  });
});
